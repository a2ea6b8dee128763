// A headless Chromium of the system's own, driven by playwright-core, and pages opened in it from disk with the network blocked.
import { accessSync, constants, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { delimiter, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core';

const names = ['chromium', 'chromium-browser', 'google-chrome'];

/** What ALVA_CHROMIUM names, else the first of these on the PATH. */
export const executable: string | undefined = process.env.ALVA_CHROMIUM ?? names.flatMap(onPath)[0];

if (!executable) console.info('no Chromium (ALVA_CHROMIUM, or one on the PATH): the report is not opened in a browser');

function onPath(name: string): string[] {
  return (process.env.PATH ?? '').split(delimiter).flatMap((folder) => {
    const path = join(folder, name);
    try {
      accessSync(path, constants.X_OK);
      return [path];
    } catch {
      return [];
    }
  });
}

export function launched(): Promise<Browser> {
  // Root has no sandbox, and test machines are often entered as root.
  return chromium.launch({ executablePath: executable, args: ['--no-sandbox'] });
}

export interface Opened {
  readonly page: Page;
  /** Errors on the console and in the script, dialogs, and every request but that for the file itself. */
  readonly troubles: string[];
}

export async function opened(browser: Browser, file: string, options: BrowserContextOptions = {}): Promise<Opened> {
  const address = pathToFileURL(file).href;
  const context = await browser.newContext({ viewport: { width: 1100, height: 900 }, offline: true, ...options });
  const page = await context.newPage();
  const troubles: string[] = [];
  page.on('console', (message) => {
    if (['error', 'warning'].includes(message.type())) troubles.push(message.text());
  });
  page.on('pageerror', (error) => troubles.push(error.message));
  page.on('request', (request) => {
    if (!request.url().startsWith(address) && !request.url().startsWith('data:')) troubles.push(request.url());
  });
  page.on('dialog', (dialog) => {
    troubles.push(dialog.message());
    dialog.dismiss();
  });
  await page.goto(address);
  return { page, troubles };
}

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** What axe-core finds serious or critical, one line each. The page's policy lets no other script run in it, so axe comes by the debugger. The marks of a drawing, which is one image, are left out. */
export async function violations(page: Page): Promise<string[]> {
  await page.evaluate(axe);
  return page.evaluate(async () => {
    const { violations: found } = await (
      globalThis as unknown as { axe: { run: (context: object) => Promise<{ violations: Violation[] }> } }
    ).axe.run({ exclude: ['svg > *'] });
    interface Violation {
      readonly id: string;
      readonly impact: string;
      readonly nodes: readonly { readonly html: string; readonly failureSummary: string }[];
    }
    return found
      .filter(({ impact }) => impact === 'serious' || impact === 'critical')
      .flatMap(({ id, nodes }) => nodes.map(({ html, failureSummary }) => `${id}: ${html} ${failureSummary}`));
  });
}
