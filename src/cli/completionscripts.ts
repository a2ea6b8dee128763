// Completion scripts for bash, zsh and fish. Everything but the runs on the disk stands in them: no program starts at a TAB.
import { quoted } from '../base/shell.ts';

export type Values =
  | { readonly kind: 'words'; readonly words: readonly string[] }
  /** Words by commas. */
  | { readonly kind: 'list'; readonly words: readonly string[] }
  /** KEY=value, of which the keys are known. */
  | { readonly kind: 'fields'; readonly words: readonly string[] }
  /** Folders with a config.json, else any folder. */
  | { readonly kind: 'runs' }
  | { readonly kind: 'files' }
  /** Something that only the user knows. */
  | { readonly kind: 'any' };

export interface Flag {
  readonly names: readonly string[];
  readonly help: string;
  /** What it is to be given, if anything. */
  readonly values?: Values;
}

export interface CompletedCommand {
  readonly name: string;
  readonly help: string;
  readonly flags: readonly Flag[];
  readonly argument?: Values;
}

export const completionScripts = { bash: bashScript, zsh: zshScript, fish: fishScript } as const;
export type Shell = keyof typeof completionScripts;

/** Where runs are looked for, from what was typed on. */
const runPatterns = (typed: string) => [`${typed}*/config.json`, `${typed}*/*/config.json`];

function bashScript(commands: readonly CompletedCommand[]): string {
  const names = commands.map(({ name }) => name).join(' ');
  return `# alva: completion for bash
_alva_words() { # one word a line, which may hold blanks
  local word
  while IFS= read -r word; do
    [[ $word == "$cur"* ]] && COMPREPLY+=("$(printf %q "$word")")
  done
}
_alva_list() {
  local before=
  [[ $cur == *,* ]] && before=\${cur%,*},
  mapfile -t COMPREPLY < <(compgen -P "$before" -W "$1" -- "\${cur##*,}")
  compopt -o nospace
}
_alva_fields() {
  mapfile -t COMPREPLY < <(compgen -S = -W "$1" -- "$cur")
  compopt -o nospace
}
_alva_runs() {
  local file
  for file in ${runPatterns('"$cur"').join(' ')}; do
    [[ -e $file ]] && COMPREPLY+=("\${file%/config.json}")
  done
  if ((\${#COMPREPLY[@]})); then compopt -o filenames; else _alva_folders; fi
}
_alva_folders() {
  mapfile -t COMPREPLY < <(compgen -d -- "$cur")
  compopt -o filenames
}
_alva_files() {
  mapfile -t COMPREPLY < <(compgen -f -- "$cur")
  compopt -o filenames
}
_alva() {
  local cur=\${COMP_WORDS[COMP_CWORD]} prev=\${COMP_WORDS[COMP_CWORD - 1]} command=\${COMP_WORDS[1]}
  COMPREPLY=()
  if ((COMP_CWORD == 1)); then
    mapfile -t COMPREPLY < <(compgen -W "${names} help --help --version" -- "$cur")
    return
  fi
  case "$command $prev" in
${commands.flatMap(bashValueCases).join('\n')}
  esac
  if [[ $cur == -* ]]; then
    case $command in
${commands.map(bashFlagCase).join('\n')}
    esac
    return
  fi
  case $command in
  help) mapfile -t COMPREPLY < <(compgen -W "${names}" -- "$cur") ;;
${commands.flatMap(({ name, argument }) => (argument ? [`  ${name}) ${bashValues(argument)} ;;`] : [])).join('\n')}
  esac
}
complete -F _alva alva`;
}

function bashValueCases({ name, flags }: CompletedCommand): string[] {
  return flags.flatMap(({ names, values }) =>
    values ? [`  ${names.map((flag) => `"${name} ${flag}"`).join(' | ')}) ${bashValues(values)}; return ;;`] : [],
  );
}

function bashFlagCase({ name, flags }: CompletedCommand): string {
  const names = flags.flatMap((flag) => flag.names).join(' ');
  return `    ${name}) mapfile -t COMPREPLY < <(compgen -W "${names}" -- "$cur") ;;`;
}

function bashValues(values: Values): string {
  switch (values.kind) {
    case 'words':
      return `_alva_words < <(printf '%s\\n' ${values.words.map(quoted).join(' ')})`;
    case 'list':
      return `_alva_list "${values.words.join(' ')}"`;
    case 'fields':
      return `_alva_fields "${values.words.join(' ')}"`;
    case 'any':
      return ':';
    default:
      return `_alva_${values.kind}`;
  }
}

function zshScript(commands: readonly CompletedCommand[]): string {
  return `#compdef alva
# alva: completion for zsh
_alva_runs() {
  local -a found=(${runPatterns('$PREFIX')
    .map((pattern) => `\${~:-${pattern}}(N:h)`)
    .join(' ')})
  if (($#found)); then compadd -U -f -- $found; else _files -/; fi
}
_alva() {
  local curcontext=$curcontext state line
  local -a commands=(
${commands.map(({ name, help }) => `    ${quoted(`${name}:${help}`)}`).join('\n')}
    'help:the help of a command'
  )
  _arguments -C '(- *)'{-h,--help}'[what alva can do]' '(- *)'{-V,--version}'[the version]' '1:command:->command' '*::argument:->argument'
  case $state in
  command) _describe -t commands command commands ;;
  argument)
    case $words[1] in
${commands.map(zshCommand).join('\n')}
    help) _describe -t commands command commands ;;
    esac
    ;;
  esac
}
if [[ $funcstack[1] == _alva ]]; then _alva "$@"; else compdef _alva alva; fi`;
}

function zshCommand({ name, flags, argument }: CompletedCommand): string {
  const specs = flags.map(({ names, help, values }) => {
    const told = `[${help.replace(/[[\]\\]/g, '\\$&')}]`;
    const given = values ? `:${names.at(-1)!.slice(2)}:${zshValues(values)}` : '';
    return names.length === 1
      ? quoted(`*${names[0]}${told}${given}`)
      : `${quoted(`(${names.join(' ')})`)}{${names.join(',')}}${quoted(`${told}${given}`)}`;
  });
  const last = argument ? [quoted(`*:${name}:${zshValues(argument)}`)] : [];
  return `    ${name}) _arguments ${[...specs, ...last].join(' \\\n      ')} ;;`;
}

function zshValues(values: Values): string {
  switch (values.kind) {
    case 'words':
      return `(${values.words.map((word) => word.replace(/[ :]/g, '\\$&')).join(' ')})`;
    case 'list':
      return `_values -s , name ${values.words.join(' ')}`;
    case 'fields':
      return `{compadd -S= -- ${values.words.join(' ')}}`;
    case 'runs':
      return '_alva_runs';
    case 'files':
      return '_files';
    case 'any':
      return ' ';
  }
}

function fishScript(commands: readonly CompletedCommand[]): string {
  const none = `not __fish_seen_subcommand_from ${commands.map(({ name }) => name).join(' ')} help`;
  return `# alva: completion for fish
function __alva_runs
    set -l typed (commandline -ct)
    set -l found ${runPatterns('$typed').join(' ')}
    if set -q found[1]
        string replace -r '/config.json$' '' -- $found
    else
        __fish_complete_directories $typed
    end
end
function __alva_list
    set -l before (string match -r '^.*,' -- (commandline -ct))
    for word in $argv
        echo "$before$word"
    end
end
complete -c alva -f
complete -c alva -n ${quoted(none)} -s V -l version -d 'the version'
${[...commands, { name: 'help', help: 'the help of a command' }]
  .map(({ name, help }) => `complete -c alva -n ${quoted(none)} -a ${name} -d ${quoted(help)}`)
  .join('\n')}
${commands.flatMap(fishCommand).join('\n')}`;
}

function fishCommand({ name, flags, argument }: CompletedCommand): string[] {
  const when = `complete -c alva -n '__fish_seen_subcommand_from ${name}'`;
  return [
    ...flags.map(({ names, help, values }) => {
      const forms = names.map((flag) => (flag.startsWith('--') ? `-l ${flag.slice(2)}` : `-s ${flag.slice(1)}`));
      return `${when} ${forms.join(' ')} ${values ? `${fishValues(values)} ` : ''}-d ${quoted(help)}`;
    }),
    ...(argument ? [`${when} ${fishValues(argument).replace('-x ', '').replace('-r ', '')}`] : []),
  ];
}

function fishValues(values: Values): string {
  switch (values.kind) {
    case 'words':
      return `-x -a ${fishQuoted(values.words.map((word) => word.replaceAll(' ', '\\ ')).join(' '))}`;
    case 'list':
      return `-x -a '(__alva_list ${values.words.join(' ')})'`;
    case 'fields':
      return `-x -a '${values.words.map((word) => `${word}=`).join(' ')}'`;
    case 'runs':
      return `-x -a '(__alva_runs)'`;
    case 'files':
      return '-r -F';
    case 'any':
      return '-x';
  }
}

/** In fish a backslash before a blank stays one within single quotes. */
const fishQuoted = (text: string) => `'${text.replaceAll("'", "\\'")}'`;
