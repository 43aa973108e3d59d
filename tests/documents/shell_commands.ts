/**
 * The commands of a shell text, word by word, for the part of the shell's grammar that the documents use.
 *
 * @module
 */

/** A quoted or bare piece of a word, a comment, an operator, or white space, whichever comes next. */
const TOKEN =
  /'([^']*)'|"((?:[^"\\]|\\.)*)"|\\\n|\\(.)|(#)|([0-9]?[<>]+&?)|([|&;()\n]+)|([^\S\n]+)|([^'"\\#<>|&;()\s]+)/gs;

/** Words of simple commands, in their order: pipes, lists and lines are cut, comments and redirections left out. */
export function simpleCommands(text: string): string[][] {
  const commands: string[][] = [];
  let words: string[] = [];
  let word: string | undefined;
  let redirected = false;
  const endWord = (): void => {
    if (word === undefined) return;
    if (!redirected) words.push(word);
    redirected = false;
    word = undefined;
  };
  const endCommand = (): void => {
    endWord();
    if (words.length > 0) commands.push(words);
    words = [];
  };
  let comment = false;
  for (const match of withoutHereDocuments(text).matchAll(TOKEN)) {
    const [token, single, double, escaped, hash, redirection, operator, space, bare] = match;
    if (operator?.includes("\n")) comment = false;
    if (comment) continue;
    if (operator !== undefined) endCommand();
    else if (redirection !== undefined) {
      endWord();
      redirected = true;
    } else if (space !== undefined || token === "\\\n") endWord();
    else if (hash !== undefined && word === undefined) comment = true;
    else word = (word ?? "") + (single ?? double?.replace(/\\(.)/gs, "$1") ?? escaped ?? hash ?? bare ?? "");
  }
  endCommand();
  return commands;
}

/** Removes here-documents: the input of a command is no command. */
function withoutHereDocuments(text: string): string {
  return text.replace(/<<-?\s*(['"]?)(\w+)\1([^\n]*)\n(?:.*\n)*?\2(?=\n|$)/g, "$3");
}
