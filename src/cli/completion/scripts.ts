/**
 * What a shell reads to complete command lines, by its name. Each script asks `kconfig-trim complete` what may stand at
 * the end of the line; files and directories the shell knows itself. No script expands what it is told: names of a tree
 * are anybody's.
 */
export const SCRIPTS = {
  bash: `# Completion of kconfig-trim for bash 4.4 or newer.
_kconfig_trim() {
  local current=\${COMP_WORDS[COMP_CWORD]} kind word
  [[ $current == = ]] && current=
  COMPREPLY=()
  {
    read -r kind
    case $kind in
      files*) compopt -o default ;;
      directories*) compopt -o dirnames ;;
      *' open') compopt -o nospace ;;
    esac
    # Nothing here expands the words: names of a tree are anybody's.
    while IFS=$'\\t' read -r word _; do
      [[ $word == "$current"* ]] && COMPREPLY+=("$word")
    done
  } < <(kconfig-trim complete -- "\${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null)
}
complete -F _kconfig_trim kconfig-trim
`,
  zsh: `#compdef kconfig-trim
# Completion of kconfig-trim for zsh.
_kconfig_trim() {
  local -a reply rest
  reply=("\${(@f)$(kconfig-trim complete -- "\${(@Q)words[2,CURRENT]}" 2>/dev/null)}")
  local kind=$reply[1]
  shift reply
  [[ $kind == *' ='* ]] && compset -P '*='
  [[ $kind == *' open' ]] && rest=(-S '')
  case $kind in
    files*) _files ;;
    directories*) _files -/ ;;
    words*)
      if [[ $reply[1] == *$'\\t'* ]]; then
        reply=("\${(@)reply//:/\\\\:}")
        reply=("\${(@)reply/$'\\t'/:}")
        _describe 'kconfig-trim' reply
      else
        compadd "\${(@)rest}" -a reply
      fi ;;
  esac
}
if [[ $funcstack[1] == _kconfig-trim ]]; then
  _kconfig_trim
else
  compdef _kconfig_trim kconfig-trim
fi
`,
  fish: `# Completion of kconfig-trim for fish.
function __kconfig_trim
    set -l current (commandline -ct)
    set -l words (commandline -opc)
    set -e words[1]
    set -l reply (kconfig-trim complete -- $words "$current" 2>/dev/null)
    set -l kind "$reply[1]"
    set -e reply[1]
    set -l before ''
    set -l value "$current"
    if string match -q -- '* =*' "$kind"
        set before (string replace -r -- '[^=]*$' '' "$current")
        set value (string replace -r -- '^.*=' '' "$current")
    end
    switch "$kind"
        case 'files*'
            set reply (__fish_complete_path "$value")
        case 'directories*'
            set reply (__fish_complete_directories "$value" '')
    end
    for word in $reply
        printf '%s\\n' "$before$word"
    end
end
complete -c kconfig-trim -f -a '(__kconfig_trim)'
`,
} as const;
