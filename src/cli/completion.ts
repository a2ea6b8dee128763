// `alva completion`: a script by which a shell completes commands, options and their values, made from the command line itself.
import { Argument, type Command, type Option } from 'commander';
import { measures } from '../alignment/measures.ts';
import { devices } from '../alm/device.ts';
import { engineNames, poolings } from '../embed/engine.ts';
import { models } from '../embed/models.ts';
import { plans } from '../report/figures.ts';
import { printFormats, printThemes } from '../report/print.ts';
import { fields } from '../study/fields.ts';
import { presets } from '../study/presets.ts';
import { demonstratorNames } from '../world/bot.ts';
import { levelFamilies } from '../world/families.ts';
import { instructions, tasks } from '../world/instructions.ts';
import { type CompletedCommand, completionScripts, type Flag, type Shell, type Values } from './completionscripts.ts';
import { print, withExamples } from './output.ts';

const words = (list: readonly string[]): Values => ({ kind: 'words', words: list });

/** By flag, what it may be given, where commander does not know it. */
const ofFlags: Readonly<Record<string, Values>> = {
  '--preset': words(Object.keys(presets)),
  '--set': { kind: 'fields', words: Object.keys(fields) },
  '--device': words(devices),
  '--model': words(models.map(({ name }) => name)),
  '--engine': words(engineNames),
  '--pooling': words(poolings),
  '--layer': words(['all']),
  '--measures': { kind: 'list', words: ['all', ...measures.map(({ name }) => name)] },
  '--demonstrator': words(demonstratorNames),
  '--task': words(tasks),
  '--level': words(levelFamilies),
  '--format': words(printFormats),
  '--theme': words(printThemes),
  '--width': words(['column', 'page']),
  '--instruction': words(instructions().map(({ sentence }) => sentence)),
};

/** By command, what its arguments may be. */
const ofArguments: Readonly<Record<string, Values>> = {
  config: words(Object.keys(fields)),
  figure: words(plans.map(({ name }) => name)),
  'compare-runs': { kind: 'runs' },
  compare: { kind: 'files' },
};

export function addCompletion(program: Command): void {
  const shells = Object.keys(completionScripts) as Shell[];
  const command = program
    .command('completion')
    .description('print a script that completes commands, options, presets, runs and names in your shell')
    .addArgument(new Argument('<shell>', 'your shell').choices(shells))
    .addHelpText(
      'after',
      `
For good, in bash: a line  source <(alva completion bash)  in ~/.bashrc. In zsh the same in ~/.zshrc, below compinit. In fish the script
in ~/.config/fish/completions/alva.fish. The command must be called alva: "npm link" in the clone makes it so.`,
    )
    .action((shell: Shell) => print(completionScripts[shell](completedCommands(program))));
  withExamples(
    command,
    ['source <(alva completion bash)', 'in this shell'],
    ['alva completion zsh > _alva', 'into a folder of your fpath'],
    ['alva completion fish > ~/.config/fish/completions/alva.fish'],
  );
}

/** The tree of commands as the scripts need it. */
export function completedCommands(program: Command): CompletedCommand[] {
  return program.commands.map((command) => ({
    name: command.name(),
    help: firstClause(command.description()),
    flags: [...command.options.filter(({ hidden }) => !hidden).map(flagOf), helpFlag],
    argument: argumentOf(command),
  }));
}

const helpFlag: Flag = { names: ['-h', '--help'], help: 'what this command does, with examples' };

function flagOf(option: Option): Flag {
  const names = [option.short, option.long].filter((name) => name !== undefined);
  const takesValue = option.required || option.optional;
  return { names, help: firstClause(option.description), values: takesValue ? valuesOf(option) : undefined };
}

function valuesOf({ long, flags, argChoices }: Option): Values {
  if (argChoices) return words(argChoices);
  if (long && Object.hasOwn(ofFlags, long)) return ofFlags[long];
  if (flags.includes('<dir>')) return { kind: 'runs' };
  return /<(file|path)>/.test(flags) ? { kind: 'files' } : { kind: 'any' };
}

function argumentOf(command: Command): Values | undefined {
  const [argument] = command.registeredArguments;
  if (!argument) return undefined;
  return argument.argChoices ? words(argument.argChoices) : (ofArguments[command.name()] ?? { kind: 'any' });
}

/** What stands before the first colon or semicolon: a line of a menu is short. */
const firstClause = (text: string) => text.split(/[:;]/)[0];
