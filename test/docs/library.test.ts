// Every example of docs/library.md does what the page says.
import { testPage } from './page.ts';

testPage('docs/library.md', 10);
