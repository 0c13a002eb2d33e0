/** Linux security modules: which of them are of use, as far as a record tells. */

/** Those that do their work as soon as they are active; others do nothing without a policy. */
const WITHOUT_POLICY: ReadonlySet<string> = new Set([
  'bpf',
  'capability',
  'landlock',
  'loadpin',
  'lockdown',
  'safesetid',
  'yama',
]);

/** Whether a security module does something without a policy. @param name as `/sys/kernel/security/lsm` has it */
export function worksWithoutPolicy(name: string): boolean {
  return WITHOUT_POLICY.has(name);
}

/** The source fact that says whether a record could see the policy of a security module; undefined where none does. */
export function policySource(name: string): string | undefined {
  return name === 'apparmor' ? 'apparmor' : undefined;
}
