/** `npm test` tries a part of what could go wrong; with THOROUGH=true, as in .ci/run, all of it is tried. */
export const isThorough = process.env['THOROUGH'] === 'true';
