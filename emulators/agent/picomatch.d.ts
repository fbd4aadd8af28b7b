declare module 'picomatch' {
  export function isMatch(text: string, glob: string, options?: { strictSlashes?: boolean }): boolean;
}
