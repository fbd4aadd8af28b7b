import { getLanguageService } from 'azure-pipelines-language-service';
import { parse } from 'azure-pipelines-language-service/lib/parser/yamlParser.js';
import { TextDocument } from 'vscode-languageserver-textdocument';
import type { Schema } from './pipeline-schema.js';

/** What the editor of Azure Pipelines would underline, by Microsoft's own language service, as `line: message`. */
export async function underlinedIn(text: string, schema: Schema): Promise<string[]> {
  const address = 'file:///schema.json';
  const service = getLanguageService(
    async () => schema,
    [],
    async () => address,
  );
  service.configure({ validate: true });
  const document = TextDocument.create('file:///azure-pipelines.yml', 'azure-pipelines', 1, text);
  const found = await quietly(() => service.doValidation(document, parse(text)));
  return found.map(({ range, message }) => `${String(range.start.line + 1)}: ${textOf(message)}`);
}

/** The language service tells the console what it does. */
async function quietly<T>(work: () => PromiseLike<T>): Promise<T> {
  const { log } = console;
  console.log = () => undefined;
  try {
    return await work();
  } finally {
    console.log = log;
  }
}

/** The type allows Markdown, too, which the language service never sends. */
function textOf(message: string | { value: string }): string {
  return typeof message === 'string' ? message : message.value;
}
