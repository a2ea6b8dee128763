// Every example of docs/cookbook.md does what the page says.
import { testPage } from './page.ts';

testPage('docs/cookbook.md', 5);
