/**
 * Text as it stands in a logging command: the agent's full escape (microsoft/azure-pipelines-agent,
 * CommandStringConvertor.cs), which it decodes in data and in property values alike.
 * @param decodesPercents false in a job whose variable DECODE_PERCENTS is false: `%AZP25` would stay as it is there
 */
export function wireForm(text: string, decodesPercents = true): string {
  return (decodesPercents ? text.replaceAll('%', '%AZP25') : text)
    .replaceAll(';', '%3B')
    .replaceAll('\r', '%0D')
    .replaceAll('\n', '%0A')
    .replaceAll(']', '%5D');
}

/** What a job without `%AZP25` can't be sent: the agent would decode it. */
export const undecodable = /%(?:3B|0D|0A|5D)/;
