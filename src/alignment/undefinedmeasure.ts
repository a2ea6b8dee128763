// The error of a measure that has no value for the spaces it was given.
import { AlvaError } from '../base/errors.ts';

/** No mistake of the caller's, but a fact about the spaces: the table of measures answers null with this sentence as the reason. */
export class UndefinedMeasure extends AlvaError {
  override name = 'UndefinedMeasure';
}
