/* The documents of sets of words: the twin of `look_up` in search/found.py. */

#include "common.h"

/* So many documents are added up at a time: their sums stay in the nearest cache. */
#define WINDOW 4096

/* The postings of one word that are still to be read. */
typedef struct {
    int64_t at, end;
} Stretch;

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

/* gather(ids, weights, sets, offsets, docs, freqs, sums, bits) -> (documents, frequencies, counts)

ids, weights: of the words of all sets, one set after another.
sets: for each how many words it has, and how many of the first make a document a match.
sums, bits: to work in, 0 everywhere before and after; one sum and two bits for each document.

The answer is three arrays as bytes: for each set one after another its documents (uint32) and the
sum of weight × frequency of each (float32), and how many they are and match (int64, two a set).
Those that match come first; both parts ascend. */
static PyObject *gather(PyObject *self, PyObject *const *args, Py_ssize_t nargs)
{
    Array a[8];
    if (arrays_take(a, args, nargs, "i8 f8 i8 u* u4 u* =f8 =u8") < 0)
        return NULL;
    const int64_t *ids = a[0].data, *sizes = a[2].data;
    const double *weights = a[1].data;
    const Array *freqs = &a[5];
    const uint32_t *docs = a[4].data;
    const Py_ssize_t words = a[0].length, sets = a[2].length / 2, postings = a[4].length;
    double *sums = a[6].data;
    const uint32_t count = (uint32_t)a[6].length;
    const int64_t bits = ((int64_t)count + 63) / 64;
    PyObject *found = NULL, *of_docs = NULL, *of_freqs = NULL, *of_sets = NULL;
    char *aside = NULL;

    Stretch *stretches = malloc(sizeof(Stretch) * (size_t)(words + 1));
    if (!stretches) {
        PyErr_NoMemory();
        goto done;
    }
    int64_t total = 0, behind = 0; /* postings, and those of words that make no match */
    Py_ssize_t named = 0;
    int right = a[1].length == words && freqs->length == postings && a[7].length >= 2 * bits;
    for (Py_ssize_t s = 0; right && s < sets; s++) {
        right = sizes[2 * s] >= 0 && sizes[2 * s] <= words - named && sizes[2 * s + 1] >= 0 &&
                sizes[2 * s + 1] <= sizes[2 * s];
        for (int64_t k = 0; right && k < sizes[2 * s]; k++, named++) {
            Stretch *word = &stretches[named];
            right = bounds_of(&a[3], ids[named], postings, &word->at, &word->end);
            total += word->end - word->at;
            if (k >= sizes[2 * s + 1])
                behind += word->end - word->at;
        }
    }
    if (!right || named != words) {
        altered();
        goto done;
    }
    of_docs = PyByteArray_FromStringAndSize(NULL, total * 4);
    of_freqs = PyByteArray_FromStringAndSize(NULL, total * 4);
    of_sets = PyByteArray_FromStringAndSize(NULL, sets * 16);
    aside = malloc((size_t)behind * 8 + 1);
    if (!of_docs || !of_freqs || !of_sets || !aside) {
        if (!PyErr_Occurred())
            PyErr_NoMemory();
        goto done;
    }
    uint32_t *out = (uint32_t *)PyByteArray_AsString(of_docs);
    float *sum = (float *)PyByteArray_AsString(of_freqs);
    int64_t *counts = (int64_t *)PyByteArray_AsString(of_sets);
    uint64_t *core = a[7].data, *rest = core + bits;
    int64_t at = 0;
    PyThreadState *others = let_others(total);
    named = 0;
    for (Py_ssize_t s = 0; right && s < sets; s++) {
        int64_t here = 0;
        for (int64_t k = 0; k < sizes[2 * s]; k++)
            here += stretches[named + k].end - stretches[named + k].at;
        Listed matched = {out + at, sum + at, 0};
        Listed alike = {(uint32_t *)aside, (float *)(aside + behind * 4), 0};
        right = read_set(stretches + named, weights + named, sizes[2 * s], sizes[2 * s + 1], here,
                         count, docs, freqs, sums, core, rest, &matched, &alike);
        at += matched.count;
        memcpy(out + at, alike.docs, (size_t)alike.count * 4);
        memcpy(sum + at, alike.sums, (size_t)alike.count * 4);
        at += alike.count;
        counts[2 * s] = matched.count + alike.count;
        counts[2 * s + 1] = matched.count;
        named += sizes[2 * s];
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
    arrays_drop(a, 8);
    return found;
}
