/** `npm test` tries a part of what could go wrong; with THOROUGH=true, as in .ci/run, all of it is tried. */
export const isThorough = process.env['THOROUGH'] === 'true';

/** Of random tries: the same in every run, so that what fails here fails again; FUZZ_SEED looks elsewhere. */
export const seed = Number(process.env['FUZZ_SEED'] ?? '20261125');
