/**
 * The C text that `selfCalibrate` compiles. It is made, not read: no header, no file of the tree, so that every
 * compiler and architecture gets the same work. Its mix follows a kernel unit: most of it declarations and inline
 * functions that are parsed and thrown away, and a body that the optimiser works on.
 */

/** Raised when the text changes: measurements made with another text don't compare. */
export const CALIBRATION_SOURCE_VERSION = 1;

const DECLARATION_BLOCKS = 2200;
const FUNCTION_BLOCKS = 24;

/**
 * The text, the same bytes at every call (about 3 MB).
 * @returns freestanding C11 with the extensions that gcc and clang share
 */
export function calibrationSource(): string {
  const parts: string[] = [
    'typedef unsigned long word;\nstruct node_0 { struct node_0 *next; word key; int state; };\n',
  ];
  for (let i = 1; i <= DECLARATION_BLOCKS; i++) parts.push(declarations(i));
  for (let i = 1; i <= FUNCTION_BLOCKS; i++) parts.push(body(i));
  return parts.join('');
}

/** What a header brings: types, constants, prototypes, and inline functions that hardly anything calls. */
function declarations(i: number): string {
  const before = i - 1;
  return `enum kind_${i} { KIND_${i}_NONE, KIND_${i}_FIRST = ${i}, KIND_${i}_SECOND, KIND_${i}_LAST };
struct node_${i} {
	struct node_${before} *parent;
	struct node_${i} *next, *prev;
	union { word bits; struct { unsigned low : 12, high : 20; } split; } flags;
	int (*open)(struct node_${i} *node, const char *name, enum kind_${i} kind);
	void (*close)(struct node_${i} *node);
	word key, table[${(i % 7) + 2}];
	int state;
} __attribute__((aligned(16)));
extern int node_${i}_register(struct node_${i} *node, const char *name, word size, enum kind_${i} kind);
extern void node_${i}_unregister(struct node_${i} *node);
#define node_${i}_for_each(pos, head) for ((pos) = (head)->next; (pos) != (head); (pos) = (pos)->next)
static inline __attribute__((unused)) word node_${i}_hash(const struct node_${i} *node, word seed)
{
	word hash = seed * ${2 * i + 1}ul + node->key;
	if (node->flags.split.low & ${i % 4096})
		hash ^= node->table[${i % 2}] >> ${(i % 13) + 1};
	return hash + (hash << ${(i % 11) + 2});
}
static inline __attribute__((unused)) int node_${i}_insert(struct node_${i} *head, struct node_${i} *node)
{
	if (__builtin_expect(!node || node->state > KIND_${i}_LAST, 0))
		return -${(i % 30) + 1};
	node->next = head->next;
	node->prev = head;
	head->next->prev = node;
	head->next = node;
	return node->open ? node->open(node, "node ${i}", KIND_${i}_FIRST) : 0;
}
`;
}

/** What a .c file brings: code that is optimised and written out. */
function body(i: number): string {
  return `int work_${i}(struct node_${i} *head, const unsigned char *data, word size)
{
	struct node_${i} *pos;
	word hash = ${i}, at, found = 0;
	int err = 0;
	for (at = 0; at + 4 <= size; at += 4) {
		word value = data[at] | data[at + 1] << 8 | data[at + 2] << 16 | (word)data[at + 3] << 24;
		switch (value & 7) {
		case 0: hash = node_${i}_hash(head, value); break;
		case 1: hash ^= value * ${i * 3 + 1}ul; break;
		case 2: head->flags.split.high += value; break;
		case 3: err = node_${i}_register(head, "work", value, KIND_${i}_SECOND); if (err) goto out; break;
		case 4: head->table[hash & 1] = value; hash >>= 3; break;
		case 5: hash += node_${i + 1}_hash((const struct node_${i + 1} *)head->parent, value); break;
		case 6: head->state = value > hash ? KIND_${i}_FIRST : KIND_${i}_LAST; break;
		default: hash = hash / (value | 1) + size;
		}
	}
	node_${i}_for_each(pos, head) {
		if (node_${i}_hash(pos, hash) == pos->key) {
			found++;
			pos->table[found & 1] += hash;
			err = node_${i}_insert(head, pos);
			if (err < 0)
				break;
		} else if (pos->close && !pos->flags.bits) {
			pos->close(pos);
		}
	}
out:
	if (err)
		node_${i}_unregister(head);
	return err ? err : (int)found;
}
`;
}
