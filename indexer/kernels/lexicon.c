/* Looking words up in a lexicon: the twins of what stands beside each call in indexer/lexicon.py. */

#include "arrays.h"

static PyObject *outside(void)
{
    PyErr_SetString(PyExc_IndexError, "a word is not within the lexicon");
    return NULL;
}

/* Where a string begins and ends among the bytes of all; 0 where the file is wrong. */
static int string_at(const Array *offsets, int64_t rank, int64_t bytes, int64_t *start, int64_t *end)
{
    *start = (int64_t)number_at(offsets, rank);
    *end = (int64_t)number_at(offsets, rank + 1);
    return *start >= 0 && *start <= *end && *end <= bytes;
}

/* place(blob, offsets, word) -> the place of the first string that is not before the word, in the
order of bytes. */
static PyObject *place(PyObject *self, PyObject *const *args, Py_ssize_t count)
{
    Array a[3];
    if (arrays_take(a, args, count, "u1 u* u1") < 0)
        return NULL;
    const char *blob = a[0].data, *word = a[2].data;
    int64_t low = 0, high = a[1].length ? a[1].length - 1 : 0;
    int within = 1;
    while (within && low < high) {
        const int64_t middle = low + (high - low) / 2;
        int64_t start, end;
        within = string_at(&a[1], middle, a[0].length, &start, &end);
        if (!within)
            break;
        const int64_t length = end - start;
        const int64_t shared = length < a[2].length ? length : a[2].length;
        const int order = shared ? memcmp(blob + start, word, (size_t)shared) : 0;
        if (order < 0 || (!order && length < a[2].length))
            low = middle + 1;
        else
            high = middle;
    }
    arrays_drop(a, 3);
    return within ? PyLong_FromLongLong(low) : outside();
}

/* The first row that is not before a key. Hashes are spread evenly, so that the key stands near
the same share of the table as of all numbers; from there the steps double until they pass it. */
static int64_t not_before(const uint64_t *table, int64_t length, uint64_t key)
{
    const int64_t guess = (int64_t)((key >> 32) * (uint64_t)length >> 32);
    int64_t low = 0, high = length;
    if (guess < length && table[guess] < key) {
        low = guess + 1;
        for (int64_t step = 64; step < length - guess; step *= 2) {
            if (table[guess + step] >= key) {
                high = guess + step;
                break;
            }
            low = guess + step + 1;
        }
    } else {
        high = guess;
        for (int64_t step = 64; step <= guess; step *= 2) {
            if (table[guess - step] < key) {
                low = guess - step + 1;
                break;
            }
            high = guess - step;
        }
    }
    while (low < high) {
        const int64_t middle = low + (high - low) / 2;
        if (table[middle] < key)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

/* The values of some rows, as bytes. */
static PyObject *rows_of(const Array *values, const int64_t *rows, Py_ssize_t count)
{
    PyObject *found = PyByteArray_FromStringAndSize(NULL, count * values->size);
    if (!found)
        return NULL;
    char *out = PyByteArray_AsString(found);
    for (Py_ssize_t n = 0; n < count; n++)
        memcpy(out + n * values->size, (const char *)values->data + rows[n] * values->size,
               (size_t)values->size);
    return found;
}

/* having(table, keys, words, checks) -> of the rows whose hash in the ascending table is one of the
keys: words (uint32), checks (uint64) and the place of the key (int64), as bytes. */
static PyObject *having(PyObject *self, PyObject *const *args, Py_ssize_t count)
{
    Array a[4];
    if (arrays_take(a, args, count, "u8 u8 u4 u8") < 0)
        return NULL;
    const uint64_t *table = a[0].data, *keys = a[1].data;
    const int64_t length = a[0].length, wanted = a[1].length;
    /* Words may do without checks. */
    const int checked = a[3].length > 0;
    PyObject *result = NULL, *words = NULL, *checks = NULL, *which = NULL;
    int64_t *starts = PyMem_Malloc((size_t)(wanted + 1) * sizeof *starts), *rows = NULL, total = 0;
    if (!starts) {
        PyErr_NoMemory();
        goto done;
    }
    if (length > a[2].length || (checked && length > a[3].length)) {
        outside();
        goto done;
    }
    for (int64_t n = 0; n < wanted; n++) {
        starts[n] = not_before(table, length, keys[n]);
        for (int64_t row = starts[n]; row < length && table[row] == keys[n]; row++)
            total++;
    }
    rows = PyMem_Malloc((size_t)(total + 1) * sizeof *rows);
    which = PyByteArray_FromStringAndSize(NULL, (Py_ssize_t)total * 8);
    if (!rows || !which) {
        PyErr_NoMemory();
        goto done;
    }
    int64_t *key = (int64_t *)PyByteArray_AsString(which), at = 0;
    for (int64_t n = 0; n < wanted; n++)
        for (int64_t row = starts[n]; row < length && table[row] == keys[n]; row++) {
            rows[at] = row;
            key[at++] = n;
        }
    words = rows_of(&a[2], rows, (Py_ssize_t)total);
    checks = rows_of(&a[3], rows, checked ? (Py_ssize_t)total : 0);
    if (words && checks)
        result = PyTuple_Pack(3, words, checks, which);
done:
    Py_XDECREF(words);
    Py_XDECREF(checks);
    Py_XDECREF(which);
    PyMem_Free(starts);
    PyMem_Free(rows);
    arrays_drop(a, 4);
    return result;
}

/* Whether UTF-8 fits a pattern, whose * is any letters and ? one letter. Only the last star seen is
ever tried again, so that time is bounded by the product of both lengths. */
static int matches(const unsigned char *text, int64_t length, const unsigned char *pattern,
                int64_t size)
{
    int64_t t = 0, p = 0, star = -1, after = 0;
    while (t < length) {
        if (p < size && pattern[p] == '*') {
            star = p++;
            after = t;
        } else if (p < size && pattern[p] == '?') {
            p++;
            t++;
            while (t < length && (text[t] & 0xC0) == 0x80)
                t++;
        } else if (p < size && pattern[p] == text[t]) {
            p++;
            t++;
        } else if (star >= 0) {
            p = star + 1;
            after++;
            while (after < length && (text[after] & 0xC0) == 0x80)
                after++;
            t = after;
        } else {
            return 0;
        }
    }
    while (p < size && pattern[p] == '*')
        p++;
    return p == size;
}

static int is_wild(unsigned char byte)
{
    return byte == '*' || byte == '?';
}

/* The longest run of bytes of a pattern between two wildcards; gives its length. */
static int64_t longest_run(const unsigned char *pattern, int64_t size, const unsigned char **run)
{
    int64_t longest = 0, begin = -1;
    for (int64_t at = 0; at < size; at++) {
        if (!is_wild(pattern[at]))
            continue;
        if (begin >= 0 && at - begin > longest) {
            longest = at - begin;
            *run = pattern + begin;
        }
        begin = at + 1;
    }
    return longest;
}

/* How many bytes of a pattern stand behind its last wildcard. */
static int64_t tail_of(const unsigned char *pattern, int64_t size)
{
    int64_t tail = 0;
    while (tail < size && !is_wild(pattern[size - 1 - tail]))
        tail++;
    return tail;
}

/* Where some bytes (one at least) stand first in a text from `at` on and before `end`, or `end`. */
static int64_t place_of(const unsigned char *text, int64_t at, int64_t end,
                        const unsigned char *bytes, int64_t size)
{
    /* The last byte of a letter tells more than its first. */
    for (at += size - 1; at < end; at++) {
        const unsigned char *last = memchr(text + at, bytes[size - 1], (size_t)(end - at));
        if (!last)
            break;
        at = last - text;
        if (!memcmp(last - (size - 1), bytes, (size_t)(size - 1)))
            return at - (size - 1);
    }
    return end;
}

/* matching(blob, offsets, pattern, range) -> the places, from one on up to another, of the
strings that fit a pattern (int64), as bytes.

All strings are looked through at once for the longest run of letters between two wildcards; only
those that hold it, and end as the pattern does, are compared. */
static PyObject *matching(PyObject *self, PyObject *const *args, Py_ssize_t count)
{
    Array a[4];
    if (arrays_take(a, args, count, "u1 u* u1 i8") < 0)
        return NULL;
    const unsigned char *blob = a[0].data;
    int within = a[3].length == 2, full = 0;
    const int64_t first = within ? ((const int64_t *)a[3].data)[0] : 0;
    const int64_t last = within ? ((const int64_t *)a[3].data)[1] : 0;
    within = within && first >= 0 && first <= last && last < a[1].length;
    int64_t *found = NULL, used = 0, room = 0, hit = -1, begin, all = 0;
    const unsigned char *run = NULL;
    const unsigned char *pattern = a[2].data;
    const int64_t size = a[2].length, tail = tail_of(pattern, size);
    const int64_t letters = longest_run(pattern, size, &run);
    Py_BEGIN_ALLOW_THREADS
    if (within && first < last)
        within = string_at(&a[1], last - 1, a[0].length, &begin, &all);
    for (int64_t rank = first; within && !full && rank < last; rank++) {
        int64_t start, end;
        within = string_at(&a[1], rank, a[0].length, &start, &end);
        if (!within)
            break;
        if (letters && hit < start)
            hit = place_of(blob, start, all, run, letters);
        if ((letters && hit + letters > end) || end - start < tail ||
            memcmp(blob + end - tail, pattern + size - tail, (size_t)tail) ||
            !matches(blob + start, end - start, pattern, size))
            continue;
        if (used == room) {
            room = 2 * room + 256;
            int64_t *more = realloc(found, (size_t)room * sizeof *found);
            full = !more;
            if (full)
                break;
            found = more;
        }
        found[used++] = rank;
    }
    Py_END_ALLOW_THREADS
    PyObject *result = NULL;
    if (full)
        PyErr_NoMemory();
    else if (!within)
        outside();
    else
        result = PyByteArray_FromStringAndSize((const char *)found, (Py_ssize_t)used * 8);
    free(found);
    arrays_drop(a, 4);
    return result;
}
