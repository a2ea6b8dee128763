import { PassThrough } from 'node:stream';
import { describe, expect, test } from 'vitest';
import { terminal } from '../../src/cli/terminal.ts';

const event = {
  stage: 'train',
  part: 'seed 01',
  done: 500,
  total: 2000,
  unit: 'updates',
  detail: 'loss 0.5',
  secondsLeft: 92,
};

function captured(isTTY: boolean) {
  const stream = new PassThrough() as PassThrough & { isTTY?: boolean; columns?: number };
  Object.assign(stream, { isTTY, columns: 60 });
  let text = '';
  stream.on('data', (chunk) => {
    text += chunk;
  });
  return { stream: stream as unknown as NodeJS.WriteStream, text: () => text };
}

describe('the terminal', () => {
  test('is one live line where there is a terminal', () => {
    const { stream, text } = captured(true);
    const { listen, say, finish } = terminal({}, stream, {});
    listen(event);
    listen({ ...event, done: 2000 });
    say('kept');
    finish();
    expect(text().match(/\n/g)).toHaveLength(2);
    expect(text()).toContain('\r\x1b[Jtrain seed 01');
    for (const line of text()
      .split('\n')
      .flatMap((part) => part.split('\r\x1b[J')))
      expect(line.length).toBeLessThan(60);
  });

  test.each([true, false])('is not steered by what a file has put into a sentence (terminal: %s)', (isTTY) => {
    const { stream, text } = captured(isTTY);
    const { say, finish } = terminal({}, stream, {});
    say('a\x1b]0;title\x07b\r\u009b2Jc\td');
    finish();
    expect(text()).toContain('a\\u001b]0;title\\u0007b\\u000d\\u009b2Jc\td\n');
  });

  test('has a line for each part under way; what has ended stands above them', () => {
    const { stream, text } = captured(true);
    const { listen, finish } = terminal({}, stream, {});
    listen(event);
    listen({ ...event, part: 'seed 02' });
    listen({ ...event, done: 2000 });
    listen({ ...event, part: 'seed 02', failure: 'no disk' });
    finish();
    const draws = text()
      .replaceAll('\x1b[1A', '')
      .split('\r\x1b[J')
      .slice(1)
      .map((draw) => draw.split('\n').map((line) => line.slice(0, 13)));
    expect(draws).toEqual([
      ['train seed 01'],
      ['train seed 01', 'train seed 02'],
      ['train seed 01', 'train seed 02'],
      ['train seed 02', ''],
    ]);
    expect(text()).toContain('train seed 02  failed: no disk\n');
  });

  test('draws no more lines than the window has', () => {
    const { stream, text } = captured(true);
    Object.assign(stream, { rows: 5 });
    const { listen } = terminal({}, stream, {});
    for (let seed = 1; seed < 9; seed++) listen({ ...event, part: `seed 0${seed}` });
    expect(text().split('\x1b[J').at(-1)!.split('\n')).toHaveLength(3);
    expect(text()).toMatch(/and 6 more$/);
  });

  test('is a plain line at the start and end of each part elsewhere, nothing between that comes too soon', () => {
    const { stream, text } = captured(false);
    const { listen, finish } = terminal({}, stream, {});
    for (const done of [500, 1000, 1500, 2000]) listen({ ...event, done });
    listen({ ...event, part: 'seed 02' });
    listen({ ...event, part: 'seed 03' });
    listen({ ...event, part: 'seed 02', done: 1000 });
    finish();
    expect(
      text()
        .split('\n')
        .map((line) => line.slice(0, 25)),
    ).toEqual([
      'train seed 01  500/2000 u',
      'train seed 01  2000/2000 ',
      'train seed 02  500/2000 u',
      'train seed 03  500/2000 u',
      '',
    ]);
    expect(text()).not.toContain('\x1b');
  });

  test('says nothing where quiet is asked for, and draws nothing where it cannot go back', () => {
    const quiet = captured(true);
    const { listen, say, finish } = terminal({ quiet: true }, quiet.stream, {});
    listen(event);
    say('kept');
    finish();
    expect(quiet.text()).toBe('');
    for (const env of [{ TERM: 'dumb' }, { CI: 'true' }]) {
      const { stream, text } = captured(true);
      terminal({}, stream, env).listen(event);
      expect(text()).toBe('train seed 01  500/2000 updates  loss 0.5  1:32 left\n');
    }
  });

  test('has a bar in colour where colours are shown, and in none with NO_COLOR', () => {
    const drawn = (env: NodeJS.ProcessEnv) => {
      const { stream, text } = captured(true);
      terminal({}, stream, env).listen(event);
      return text();
    };
    expect(drawn({ TERM: 'xterm-256color' })).toContain('[\x1b[38;5;');
    expect(drawn({ TERM: 'xterm-256color', NO_COLOR: '1' })).not.toContain('\x1b[38');
    expect(drawn({ FORCE_COLOR: '3' })).toContain('[\x1b[38;2;');
  });

  test('writes its lines anew when the window changes, and goes back over the rows that a narrower one broke them into', () => {
    const { stream, text } = captured(true);
    const { listen, finish } = terminal({}, stream, {});
    listen(event);
    const before = text().length;
    Object.assign(stream, { columns: 20 });
    stream.emit('resize');
    const after = text().slice(before);
    expect(after.startsWith('\r\x1b[2A\x1b[J')).toBe(true); // the line was broken into three rows of 20
    expect(after.split('\x1b[J')[1].length).toBeLessThan(20);
    finish();
    expect(stream.listenerCount('resize')).toBe(0);
  });
});
