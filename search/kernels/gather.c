/* The documents of sets of words: the twin of `look_up` in search/reading.py. */

#include "find.h"

/* So many documents are added up at a time: their sums stay in the nearest cache. */
#define WINDOW 4096

static inline int lowest(uint64_t word)
{
#if defined(__GNUC__) || defined(__clang__)
    return __builtin_ctzll(word);
#else
    int n = 0;
    while (!(word >> n & 1))
        n++;
    return n;
#endif
}

/* Adds up weight × frequency of the postings of a word in a window, and notes their documents. */
#define ADD_UP(TYPE)                                                                               \
    for (; at < end; at++) {                                                                       \
        const uint32_t place = docs[at] - base;                                                    \
        if (place >= window)                                                                       \
            break;                                                                                 \
        sums[place] += weight * ((const TYPE *)freqs->data)[at];                                   \
        bits[place >> 6] |= UINT64_C(1) << (place & 63);                                           \
    }                                                                                              \
    break;

static void add_up(double *sums, uint64_t *bits, uint32_t base, uint32_t window,
                   const uint32_t *docs, const Array *freqs, Stretch *stretch, double weight)
{
    int64_t at = stretch->at;
    const int64_t end = stretch->end;
    switch (freqs->size) {
    case 1:
        ADD_UP(uint8_t)
    case 2:
        ADD_UP(uint16_t)
    case 4:
        ADD_UP(uint32_t)
    default:
        ADD_UP(uint64_t)
    }
    stretch->at = at;
}

/* The documents of a set so far. */
typedef struct {
    uint32_t *docs;
    float *sums;
    int64_t count;
} Listed;

/* Takes the documents of a word of bits out of a window. */
static void take(Listed *listed, uint64_t word, uint32_t base, uint32_t place, double *sums)
{
    while (word) {
        const uint32_t here = place + (uint32_t)lowest(word);
        word &= word - 1;
        listed->docs[listed->count] = base + here;
        listed->sums[listed->count++] = (float)sums[here];
        sums[here] = 0;
    }
}

/* Reads the postings of a set; gives 0 where the file is wrong.

sums, core, rest: as long as a window, or `count` where the words are many and short. */
static int read_set(Stretch *words, const double *weights, int64_t length, int64_t matching,
                    int64_t postings, uint32_t count, const uint32_t *docs, const Array *freqs,
                    double *sums, uint64_t *core, uint64_t *rest, Listed *matched, Listed *others)
{
    const int many = length * (count / WINDOW + 1) > postings;
    const uint32_t size = many || count < WINDOW ? count : WINDOW;
    uint32_t base = 0;
    int64_t left = length;
    while (left) {
        const uint32_t window = size < count - base ? size : count - base;
        uint32_t next = UINT32_MAX;
        left = 0;
        for (int64_t n = 0; n < length; n++) {
            Stretch *word = &words[n];
            if (word->at == word->end)
                continue;
            add_up(sums, n < matching ? core : rest, base, window, docs, freqs, word, weights[n]);
            if (word->at < word->end) {
                left++;
                if (docs[word->at] < next)
                    next = docs[word->at];
            }
        }
        for (uint32_t place = 0; place < window; place += 64) {
            const uint64_t both = core[place >> 6] | rest[place >> 6];
            if (!both)
                continue;
            take(matched, core[place >> 6], base, place, sums);
            take(others, both & ~core[place >> 6], base, place, sums);
            core[place >> 6] = rest[place >> 6] = 0;
        }
        if (left && (next < base + window || next >= count))
            return 0; /* they do not ascend, or there is no such document */
        base = next / size * size;
    }
    return 1;
}

/* A set of words that is asked for. */
typedef struct {
    Array arrays[2]; /* ids and weights */
    int64_t words, matching;
} Set;

/* Takes hold of a tuple (ids, weights, words, matching). */
static int set_take(Set *set, PyObject *tuple)
{
    PyObject *parts[4];
    if (!PyTuple_Check(tuple) || PyTuple_Size(tuple) != 4) {
        PyErr_SetString(PyExc_TypeError, "a set is a tuple of four");
        return -1;
    }
    for (int n = 0; n < 4; n++)
        parts[n] = PyTuple_GetItem(tuple, n);
    set->words = PyLong_AsLongLong(parts[2]);
    set->matching = PyLong_AsLongLong(parts[3]);
    if (PyErr_Occurred() || arrays_take(set->arrays, parts, 2, "i8 f8") < 0)
        return -1;
    if (set->words < 0 || set->words > set->arrays[0].length ||
        set->words > set->arrays[1].length || set->matching < 0 || set->matching > set->words) {
        arrays_drop(set->arrays, 2);
        PyErr_SetString(PyExc_TypeError, "a set has fewer words than it says");
        return -1;
    }
    return 0;
}

/* gather(sets, offsets, docs, freqs, sums, bits) -> (documents, frequencies, edges)

sets: of words, each (ids, weights, so many words of the first, so many make a document a match).
sums, bits: to work in, 0 everywhere before and after; one sum and two bits for each document.

The answer is three arrays as bytes. edges has three numbers for each set (int64): where its
documents begin and end, and how many of them match. Those of one word are places among the
postings, those of several among the documents of the answer (uint32), which has the sum of weight
× frequency of each beside them (float32). Those that match come first; both parts ascend. */
static PyObject *gather(PyObject *self, PyObject *const *args, Py_ssize_t nargs)
{
    Array a[5];
    if (nargs < 1 || !PyList_Check(args[0])) {
        PyErr_SetString(PyExc_TypeError, "sets come in a list");
        return NULL;
    }
    if (arrays_take(a, args + 1, nargs - 1, "u* u4 u* =f8 =u8") < 0)
        return NULL;
    const Py_ssize_t wanted = PyList_Size(args[0]), postings = a[1].length;
    const Array *freqs = &a[2];
    const uint32_t *docs = a[1].data, count = (uint32_t)a[3].length;
    const int64_t bits = ((int64_t)count + 63) / 64;
    PyObject *found = NULL, *of_docs = NULL, *of_freqs = NULL, *of_sets = NULL;
    Py_ssize_t taken = 0;
    int64_t words = 0, total = 0, most = 0;
    Stretch *stretches = NULL;
    char *aside = NULL;
    Set *sets = malloc(sizeof(Set) * (size_t)(wanted + 1));
    if (!sets) {
        PyErr_NoMemory();
        goto done;
    }
    for (; taken < wanted; taken++) {
        if (set_take(&sets[taken], PyList_GetItem(args[0], taken)) < 0)
            goto done;
        words += sets[taken].words;
    }
    stretches = malloc(sizeof(Stretch) * (size_t)(words + 1));
    if (!stretches) {
        PyErr_NoMemory();
        goto done;
    }
    Stretch *word = stretches;
    int right = freqs->length == postings && a[4].length >= 2 * bits;
    for (Py_ssize_t s = 0; right && s < wanted; s++) {
        const int64_t *ids = sets[s].arrays[0].data;
        int64_t rest = 0; /* of words that make no match */
        for (int64_t k = 0; right && k < sets[s].words; k++, word++) {
            right = bounds_of(&a[0], ids[k], postings, &word->at, &word->end);
            if (sets[s].words == 1)
                break;
            total += word->end - word->at;
            if (k >= sets[s].matching)
                rest += word->end - word->at;
        }
        word += sets[s].words == 1;
        most = rest > most ? rest : most;
    }
    if (!right) {
        altered();
        goto done;
    }
    of_docs = PyByteArray_FromStringAndSize(NULL, (Py_ssize_t)total * 4);
    of_freqs = PyByteArray_FromStringAndSize(NULL, (Py_ssize_t)total * 4);
    of_sets = PyByteArray_FromStringAndSize(NULL, wanted * 24);
    aside = malloc((size_t)most * 8 + 1);
    if (!of_docs || !of_freqs || !of_sets || !aside) {
        if (!PyErr_Occurred())
            PyErr_NoMemory();
        goto done;
    }
    uint32_t *out = (uint32_t *)PyByteArray_AsString(of_docs);
    float *sum = (float *)PyByteArray_AsString(of_freqs);
    int64_t *edges = (int64_t *)PyByteArray_AsString(of_sets);
    uint64_t *core = a[4].data, *rest = core + bits;
    int64_t at = 0;
    PyThreadState *others = let_others(total);
    word = stretches;
    for (Py_ssize_t s = 0; right && s < wanted; s++, edges += 3) {
        const int64_t length = sets[s].words, matching = sets[s].matching;
        if (length == 1) {
            edges[0] = word->at;
            edges[1] = word->end;
            edges[2] = matching ? word->end - word->at : 0;
        } else {
            int64_t here = 0;
            for (int64_t k = 0; k < length; k++)
                here += word[k].end - word[k].at;
            Listed matched = {out + at, sum + at, 0};
            Listed alike = {(uint32_t *)aside, (float *)(aside + most * 4), 0};
            right = read_set(word, sets[s].arrays[1].data, length, matching, here, count, docs,
                             freqs, a[3].data, core, rest, &matched, &alike);
            edges[0] = at;
            at += matched.count;
            memcpy(out + at, alike.docs, (size_t)alike.count * 4);
            memcpy(sum + at, alike.sums, (size_t)alike.count * 4);
            at += alike.count;
            edges[1] = at;
            edges[2] = matched.count;
        }
        word += length;
    }
    go_on(others);
    if (right)
        found = PyTuple_Pack(3, of_docs, of_freqs, of_sets);
    else
        altered();
done:
    free(stretches);
    free(aside);
    Py_XDECREF(of_docs);
    Py_XDECREF(of_freqs);
    Py_XDECREF(of_sets);
    for (Py_ssize_t s = 0; s < taken; s++)
        arrays_drop(sets[s].arrays, 2);
    free(sets);
    arrays_drop(a, 5);
    return found;
}

/* gather_in(ids, weights, offsets, docs, freqs, wanted) -> for each of some documents (uint32,
ascending) the sum of weight × frequency of some words (float32), as bytes. */
static PyObject *gather_in(PyObject *self, PyObject *const *args, Py_ssize_t nargs)
{
    Array a[6];
    if (arrays_take(a, args, nargs, WORDS " u4") < 0)
        return NULL;
    const Py_ssize_t count = a[5].length;
    PyObject *found = PyByteArray_FromStringAndSize(NULL, count * 4);
    double *sums = calloc((size_t)count + 1, sizeof(double));
    if (found && sums) {
        PyThreadState *others = let_others((int64_t)a[0].length * count);
        const int right = add_words(sums, a[5].data, count, a, 0);
        float *out = (float *)PyByteArray_AsString(found);
        for (Py_ssize_t n = 0; n < count; n++)
            out[n] = (float)sums[n];
        go_on(others);
        if (!right) {
            Py_CLEAR(found);
            altered();
        }
    } else {
        Py_CLEAR(found);
        if (!PyErr_Occurred())
            PyErr_NoMemory();
    }
    free(sums);
    arrays_drop(a, 6);
    return found;
}
