/* The documents of sets of words: the twin of `look_up` in search/found.py. */

#include "common.h"

/* A set of documents: a bit for each, and a bit for each 64 of these that has one, so that few are
soon found among many. */
typedef struct {
    uint64_t *bits, *groups;
    int64_t words; /* of `bits` */
} Bits;

static inline void bits_set(Bits *set, uint32_t doc)
{
    set->bits[doc >> 6] |= UINT64_C(1) << (doc & 63);
    set->groups[doc >> 12] |= UINT64_C(1) << (doc >> 6 & 63);
}

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

/* Lists the documents of a set, ascending, but for those of another set; gives how many. */
static int64_t bits_list(const Bits *set, const Bits *but, uint32_t *docs)
{
    int64_t count = 0;
    for (int64_t g = 0; g <= (set->words - 1) >> 6; g++) {
        uint64_t group = set->groups[g];
        while (group) {
            const int64_t n = g << 6 | lowest(group);
            group &= group - 1;
            uint64_t word = set->bits[n];
            if (but)
                word &= ~but->bits[n];
            while (word) {
                docs[count++] = (uint32_t)(n << 6 | lowest(word));
                word &= word - 1;
            }
        }
    }
    return count;
}

static void bits_clear(Bits *set)
{
    for (int64_t g = 0; g <= (set->words - 1) >> 6; g++) {
        uint64_t group = set->groups[g];
        set->groups[g] = 0;
        while (group) {
            set->bits[g << 6 | lowest(group)] = 0;
            group &= group - 1;
        }
    }
}

/* Adds up weight × frequency of the postings of a word; gives 0 where the file is wrong. */
#define ADD_UP(TYPE)                                                                               \
    for (int64_t p = start; p < end; p++) {                                                        \
        const uint32_t doc = docs[p];                                                              \
        if (doc >= count)                                                                          \
            return 0;                                                                              \
        sums[doc] += weight * ((const TYPE *)freqs->data)[p];                                      \
        bits_set(set, doc);                                                                        \
    }

static int add_up(double *sums, Bits *set, uint32_t count, const uint32_t *docs,
                  const Array *freqs, int64_t start, int64_t end, double weight)
{
    if (freqs->size == 1)
        ADD_UP(uint8_t)
    else if (freqs->size == 2)
        ADD_UP(uint16_t)
    else if (freqs->size == 4)
        ADD_UP(uint32_t)
    else
        ADD_UP(uint64_t)
    return 1;
}

/* gather(ids, weights, sets, offsets, docs, freqs, sums, bits) -> (documents, frequencies, counts)

ids, weights: of the words of all sets, one set after another.
sets: for each how many words it has, and how many of the first make a document a match.
sums, bits: to work in, 0 everywhere before and after; one sum for each document.

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
    const Array *offsets = &a[3], *freqs = &a[5];
    const uint32_t *docs = a[4].data;
    const Py_ssize_t sets = a[2].length / 2, postings = a[4].length;
    double *sums = a[6].data;
    const uint32_t count = (uint32_t)a[6].length;
    const int64_t words = ((int64_t)count + 63) >> 6, groups = (words + 63) >> 6;
    PyObject *found = NULL, *of_docs = NULL, *of_freqs = NULL, *of_sets = NULL;

    int64_t total = 0, start, end;
    int right = a[1].length == a[0].length && freqs->length == postings &&
                a[7].length >= 2 * (words + groups);
    for (Py_ssize_t n = 0; right && n < a[0].length; n++) {
        right = bounds_of(offsets, ids[n], postings, &start, &end);
        total += end - start;
    }
    Py_ssize_t named = 0;
    for (Py_ssize_t s = 0; right && s < sets; s++) {
        right = sizes[2 * s] >= 0 && sizes[2 * s + 1] >= 0 && sizes[2 * s + 1] <= sizes[2 * s];
        named += sizes[2 * s];
    }
    right = right && named == a[0].length;
    if (right) {
        of_docs = PyByteArray_FromStringAndSize(NULL, total * 4);
        of_freqs = PyByteArray_FromStringAndSize(NULL, total * 4);
        of_sets = PyByteArray_FromStringAndSize(NULL, sets * 16);
        if (!of_docs || !of_freqs || !of_sets)
            goto done;
        uint32_t *out = (uint32_t *)PyByteArray_AsString(of_docs);
        float *sum = (float *)PyByteArray_AsString(of_freqs);
        int64_t *counts = (int64_t *)PyByteArray_AsString(of_sets);
        Bits core = {a[7].data, (uint64_t *)a[7].data + words, words};
        Bits rest = {core.groups + groups, core.groups + groups + words, words};
        int64_t at = 0;
        Py_ssize_t n = 0;
        PyThreadState *others = let_others(total);
        for (Py_ssize_t s = 0; s < sets; s++) {
            const Py_ssize_t first = n, matching = n + sizes[2 * s + 1];
            for (; n < first + sizes[2 * s]; n++) {
                bounds_of(offsets, ids[n], postings, &start, &end);
                right &= add_up(sums, n < matching ? &core : &rest, count, docs, freqs, start, end,
                                weights[n]);
            }
            if (!right)
                break;
            const int64_t matched = bits_list(&core, NULL, out + at);
            const int64_t more = bits_list(&rest, &core, out + at + matched);
            bits_clear(&core);
            bits_clear(&rest);
            for (int64_t k = at; k < at + matched + more; k++) {
                sum[k] = (float)sums[out[k]];
                sums[out[k]] = 0;
            }
            counts[2 * s] = matched + more;
            counts[2 * s + 1] = matched;
            at += matched + more;
        }
        if (!right) {
            bits_clear(&core);
            bits_clear(&rest);
            memset(sums, 0, (size_t)count * sizeof(double));
        }
        go_on(others);
        if (right)
            found = PyTuple_Pack(3, of_docs, of_freqs, of_sets);
    }
    if (!right)
        altered();
done:
    Py_XDECREF(of_docs);
    Py_XDECREF(of_freqs);
    Py_XDECREF(of_sets);
    arrays_drop(a, 8);
    return found;
}
