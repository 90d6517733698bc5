/* Words that share 3-grams with a word: the twin of `_alike` in search/similar.py. */

#include "common.h"
#include <math.h>

/* So many words are counted at a time: their counters stay in the nearest cache. */
#define COUNTED (1 << 14)

typedef struct {
    int64_t start, end;
} GramList;

/* The stretches of the words of each of some grams, the shortest first, of equal ones the first
asked for; -1 where the file is wrong. */
static int64_t stretches_of(const Array *table, const Array *starts, int64_t words,
                            const Array *codes, GramList *lists)
{
    const uint64_t *known = table->data, *wanted = codes->data;
    int64_t count = 0;
    for (Py_ssize_t n = 0; n < codes->length; n++) {
        int64_t low = 0, high = table->length;
        while (low < high) {
            const int64_t middle = low + (high - low) / 2;
            if (known[middle] < wanted[n])
                low = middle + 1;
            else
                high = middle;
        }
        if (low == table->length || known[low] != wanted[n])
            continue;
        GramList one;
        if (!bounds_of(starts, low, (Py_ssize_t)words, &one.start, &one.end))
            return -1;
        int64_t at = count++;
        for (; at && lists[at - 1].end - lists[at - 1].start > one.end - one.start; at--)
            lists[at] = lists[at - 1];
        lists[at] = one;
    }
    return count;
}

static int ascending(const void *one, const void *other)
{
    const uint32_t a = *(const uint32_t *)one, b = *(const uint32_t *)other;
    return (a > b) - (a < b);
}

/* alike(table, starts, words, sizes, codes, floor) -> the words whose 3-grams are alike to some, in
ascending order (int64), and how much each is (float64), as bytes.

table: the known grams; starts: where the words of each begin; sizes: how many each word has. */
static PyObject *alike(PyObject *self, PyObject *const *args, Py_ssize_t nargs)
{
    if (nargs != 6) {
        PyErr_SetString(PyExc_TypeError, "five arrays and a number are needed");
        return NULL;
    }
    const double floor = PyFloat_AsDouble(args[5]);
    Array a[5];
    if (PyErr_Occurred() || arrays_take(a, args, 5, "u8 u* u4 u1 u8") < 0)
        return NULL;
    if (a[4].length > UINT16_MAX) {
        arrays_drop(a, 5);
        PyErr_SetString(PyExc_ValueError, "a word has too many 3-grams");
        return NULL;
    }
    const uint32_t *words = a[2].data;
    const uint8_t *sizes = a[3].data;
    const Py_ssize_t asked = a[4].length, known = a[3].length;
    GramList *lists = PyMem_Malloc((size_t)(asked + 1) * sizeof *lists);
    uint16_t *counts = PyMem_Malloc(COUNTED * sizeof *counts);
    uint32_t *some = PyMem_Malloc(COUNTED * sizeof *some);
    Growing ids = {0}, likeness = {0};
    int64_t lists_count = -1;
    if (!lists || !counts || !some) {
        ids.failed = 1;
        goto done;
    }
    lists_count = stretches_of(&a[0], &a[1], a[2].length, &a[4], lists);
    int64_t least = (int64_t)ceil(floor * (double)asked / (2 - floor) - 1e-9);
    least = least < 1 ? 1 : least;
    if (lists_count < least)
        goto done;
    const int64_t left = least > 2 ? least - 2 : 0, merged = lists_count - left;
    const int64_t enough = least - left;
    int64_t work = 0;
    for (int64_t k = 0; k < merged; k++)
        work += lists[k].end - lists[k].start;
    PyThreadState *others = let_others(work);
    for (;;) {
        /* The next words that any list has; lists are short where words are few. */
        int64_t base = INT64_MAX;
        for (int64_t k = 0; k < merged; k++)
            if (lists[k].start < lists[k].end && words[lists[k].start] < base)
                base = words[lists[k].start];
        if (base == INT64_MAX)
            break;
        int64_t found = 0;
        const int64_t end = base + COUNTED;
        memset(counts, 0, COUNTED * sizeof *counts);
        for (int64_t k = 0; k < merged; k++) {
            int64_t at = lists[k].start, last = base;
            for (; at < lists[k].end && words[at] < end; at++) {
                if (words[at] < last || words[at] >= known)
                    break;
                last = words[at];
                if (++counts[last - base] == enough)
                    some[found++] = (uint32_t)last;
            }
            if (at < lists[k].end && words[at] < end) { /* not in order, or no word */
                lists_count = -1;
                break;
            }
            lists[k].start = at;
        }
        if (lists_count < 0)
            break;
        qsort(some, (size_t)found, sizeof *some, ascending);
        for (int64_t n = 0; n < found; n++) {
            const uint32_t word = some[n];
            const double size = sizes[word] + (double)asked;
            int64_t shared = counts[word - base], k = lists_count - 1;
            for (; k >= merged; k--) {
                if (2.0 * (double)(shared + (k - merged + 1)) < floor * size)
                    break;
                lists[k].start = seek(words, lists[k].start, lists[k].end, word);
                shared += lists[k].start < lists[k].end && words[lists[k].start] == word;
            }
            const double like = 2.0 * (double)shared / size;
            if (k >= merged || like < floor)
                continue;
            int64_t *id = grow(&ids, sizeof *id);
            double *value = grow(&likeness, sizeof *value);
            if (id && value) {
                *id = word;
                *value = like;
            }
        }
    }
    go_on(others);
done:
    PyMem_Free(lists);
    PyMem_Free(counts);
    PyMem_Free(some);
    arrays_drop(a, 5);
    if (lists_count < 0 && !ids.failed) {
        free(ids.data);
        free(likeness.data);
        PyErr_SetString(PyExc_IndexError, "the words of a 3-gram are not within the lexicon");
        return NULL;
    }
    PyObject *first = grown(&ids), *second = grown(&likeness);
    PyObject *both = first && second ? PyTuple_Pack(2, first, second) : NULL;
    Py_XDECREF(first);
    Py_XDECREF(second);
    return both;
}
