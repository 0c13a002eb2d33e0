/** What the compiler is given as the name of the module that a source is built into (KBUILD_MODNAME). */
export const MODULE_NAME_MACRO = 'KBUILD_MODNAME';
/** Stands for the name of the module that a source is built into. */
export const MODULE_NAME = '<KBUILD_MODNAME>';
/** What a name begins with that the source alone does not tell. */
export const UNRESOLVED = '=';
