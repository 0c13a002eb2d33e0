/** How far a build is, and how long it will still take. */

/** What is to be done, in seconds on the clock as predicted. */
export interface Work {
  /** Host programs and generated headers, before the first unit. */
  readonly prepare: number;
  /** Units that make is sure to compile: each one's share of the time, with the jobs that run side by side. */
  readonly units: ReadonlyMap<string, number>;
  /** Units that are there already. make compiles them again only where something they are made of has changed. */
  readonly present: ReadonlyMap<string, number>;
  /** Links of vmlinux, debug information, image. */
  readonly link: number;
  /** How many modules are linked, and what each takes. */
  readonly modules: number;
  readonly moduleSeconds: number;
  /** Jobs that run side by side. */
  readonly jobs: number;
}

/** A moment of a build. */
export interface Moment {
  /** Of units and links, 0 to 1; never less than it was. */
  readonly fraction: number;
  /** Units that make has begun to compile. */
  readonly compiled: number;
  /** Units that there are to compile, as far as it is known. */
  readonly units: number;
  /** Modules that make has begun to link. */
  readonly linked: number;
  /** Modules that there are to link. */
  readonly modules: number;
  readonly phase: 'prepare' | 'compile' | 'link';
  readonly elapsedSeconds: number;
  readonly secondsToGo: number;
}

/** Two looks at the clock further apart than this: the machine slept, or the build was suspended. Seconds. */
const LONGEST_TICK = 15;

/** The prediction counts as if it had been seen to hold for this share of the compile time … */
const TRUST_SHARE = 0.02;
/** … but for no longer than this, in seconds. */
const TRUST_SECONDS = 60;

/** Follows a build by the steps that make prints. A step is printed when it begins. */
export class BuildProgress {
  readonly #work: Work;
  readonly #total: { units: number; seconds: number };
  readonly #started = new Set<string>();
  /** The last that began, one for each job: they are taken to be at work still. */
  readonly #running: string[] = [];
  readonly #linked = new Set<string>();
  #phase: Moment['phase'] = 'prepare';
  #finishedSeconds = 0;
  #fraction = 0;
  #lastMs: number | null = null;
  #elapsed = 0;
  #phaseStart = 0;
  #compileSeconds = 0;
  #done = false;

  constructor(work: Work) {
    this.#work = work;
    let seconds = 0;
    for (const each of work.units.values()) seconds += each;
    this.#total = { units: work.units.size, seconds };
  }

  /** make begins to compile a unit. What it had not been expected to compile makes the whole larger. */
  compiling(unit: string, nowMs: number): void {
    this.tick(nowMs);
    if (this.#started.has(unit)) return;
    const expected = this.#work.units.get(unit);
    if (expected === undefined) {
      const present = this.#work.present.get(unit);
      if (present === undefined) return;
      this.#total.units++;
      this.#total.seconds += present;
    }
    if (this.#phase === 'prepare') this.#enter('compile');
    this.#started.add(unit);
    this.#running.push(unit);
    if (this.#running.length > this.#work.jobs) this.#finishedSeconds += this.#secondsOf(this.#running.shift()!);
  }

  /** make links vmlinux: all units that it needs are compiled. */
  linking(nowMs: number): void {
    this.tick(nowMs);
    if (this.#phase !== 'link') this.#enter('link');
  }

  /** make links a module. */
  linkingModule(path: string, nowMs: number): void {
    this.linking(nowMs);
    this.#linked.add(path);
  }

  /** Time passes. */
  tick(nowMs: number): void {
    if (this.#lastMs !== null) this.#elapsed += Math.min(Math.max(0, (nowMs - this.#lastMs) / 1000), LONGEST_TICK);
    this.#lastMs = nowMs;
  }

  /** make has come to a good end. */
  finish(nowMs: number): void {
    this.tick(nowMs);
    this.#done = true;
  }

  /** Whether make was seen to compile this unit. */
  isStarted(unit: string): boolean {
    return this.#started.has(unit);
  }

  moment(nowMs: number): Moment {
    this.tick(nowMs);
    const left = this.#left();
    // What make prepares is no part of what was asked for: before the first unit, nothing of that is done.
    const asked = this.#total.seconds + this.#work.link + this.#modulesSeconds();
    const whole = asked > 0 ? asked : this.#work.prepare;
    const fraction = whole > 0 ? Math.min(1 - (asked > 0 ? left.asked : left.prepare) / whole, 0.999) : 0;
    this.#fraction = this.#done ? 1 : Math.max(this.#fraction, fraction);
    return {
      fraction: this.#fraction,
      compiled: this.#started.size,
      units: this.#total.units,
      linked: this.#linked.size,
      modules: Math.max(this.#work.modules, this.#linked.size),
      phase: this.#phase,
      elapsedSeconds: this.#elapsed,
      secondsToGo: this.#done ? 0 : left.corrected,
    };
  }

  /** What is left to do, in predicted seconds, and the same in this machine's. */
  #left(): { prepare: number; asked: number; corrected: number } {
    const { link } = this.#work;
    const modules = this.#modulesSeconds() * Math.max(0, 1 - this.#linked.size / Math.max(1, this.#work.modules));
    const spent = this.#elapsed - this.#phaseStart;
    const pace = this.#pace();
    const units = this.#phase === 'link' ? 0 : this.#total.seconds - this.#progressed();
    const prepare = this.#phase === 'prepare' ? rest(this.#work.prepare, spent) : 0;
    // A link can't be looked into; of what takes longer than it should, less and less is taken to be left.
    const linking = this.#phase === 'link' ? rest(link * pace, spent) : link * pace;
    return {
      prepare,
      asked: units + linking / pace + modules,
      corrected: prepare + units * pace + linking + modules * pace,
    };
  }

  /** Real seconds for a predicted one. */
  #pace(): number {
    const trust = Math.min(TRUST_SECONDS, TRUST_SHARE * this.#total.seconds) + 1e-6;
    const spent = this.#compileSeconds + (this.#phase === 'compile' ? this.#elapsed - this.#phaseStart : 0);
    const predicted = this.#phase === 'link' ? this.#seconds(this.#started) : this.#progressed();
    return (spent + trust) / (predicted + trust);
  }

  /** Predicted seconds of the units that are done; those at work count half. */
  #progressed(): number {
    return this.#finishedSeconds + this.#seconds(this.#running) / 2;
  }

  #seconds(units: Iterable<string>): number {
    let sum = 0;
    for (const unit of units) sum += this.#secondsOf(unit);
    return sum;
  }

  #secondsOf(unit: string): number {
    return this.#work.units.get(unit) ?? this.#work.present.get(unit) ?? 0;
  }

  #modulesSeconds(): number {
    return this.#work.modules * this.#work.moduleSeconds;
  }

  #enter(phase: 'compile' | 'link'): void {
    if (this.#phase === 'compile') this.#compileSeconds += this.#elapsed - this.#phaseStart;
    this.#phase = phase;
    this.#phaseStart = this.#elapsed;
  }
}

/** Seconds that are left of something that takes `whole`, after `spent`: never none before it is known to be over. */
function rest(whole: number, spent: number): number {
  if (whole <= 0) return 0;
  return spent < 0.8 * whole ? whole - spent : (0.2 * whole * whole) / (whole + 4 * Math.max(0, spent - 0.8 * whole));
}
