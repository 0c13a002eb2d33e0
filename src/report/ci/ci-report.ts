import type { Position, Severity } from '../../diagnostics/diagnostic.ts';

/** A finding in words, for a service that runs builds. Texts are our words with Latin-1 byte strings of input in them. */
export interface CiMessage {
  readonly severity: Severity;
  /** A short name of the kind: `module-off`. */
  readonly code: string;
  readonly at: Position | null;
  /** One line. */
  readonly text: string;
  /** Lines below it. */
  readonly details: readonly string[];
}

/** One thing that was tested. */
export interface CiCase {
  readonly name: string;
  /** What makes it fail; none where it passed. */
  readonly failures: readonly CiMessage[];
}

/** Tests of one kind. */
export interface CiSuite {
  /** `listings`: a part of class names. */
  readonly name: string;
  /** For people: `listing lsmod.txt`. */
  readonly title: string;
  /** `40 of 42 modules are built`. */
  readonly outcome: string;
  /** The file that messages without a place are about. */
  readonly file: string;
  /** At least one. */
  readonly cases: readonly CiCase[];
  /** Everything that there is to say to people, failures among it: what is many of one kind may be one message. */
  readonly messages: readonly CiMessage[];
  /** The same for programs: each by itself. */
  readonly findings: readonly CiMessage[];
}

/** What a command has to report to such a service. */
export interface CiReport {
  /** `kconfig-trim check`. */
  readonly title: string;
  /** What was checked: `.config for Linux 6.12.117, x86`. */
  readonly subject: string;
  /** Whether the exit status is 0. */
  readonly passed: boolean;
  /** `not sound: 2 errors`. */
  readonly verdict: string;
  readonly suites: readonly CiSuite[];
  readonly notes: readonly string[];
}
