/* Groups of letters in pieces of documents: the twin of `frequencies` in search/letters.py. */

#include "common.h"
#include <math.h>

#define LETTER_BITS 11 /* of a folded letter */
#define GROUP 4        /* letters */
#define DROPPED 0xFFFF

/* The groups that are sought, found by their hash. */
typedef struct {
    const uint64_t *keys;
    uint16_t *slots; /* 1 + the number of a group, or 0 */
    uint32_t mask;
    int shift;
    uint64_t ends[32]; /* whether a group ends with letters like these two */
} Sought;

static inline uint32_t slot_of(const Sought *sought, uint64_t key)
{
    return (uint32_t)(key * UINT64_C(0x9E3779B97F4A7C15) >> sought->shift);
}

/* The end of a group, by which nearly all others are told from those that are sought. */
static inline uint32_t end_of(uint64_t key)
{
    return (uint32_t)((key & 63) | (key >> LETTER_BITS & 31) << 6);
}

static int sought_begin(Sought *sought, const uint64_t *keys, Py_ssize_t count)
{
    int bits = 4;
    while ((Py_ssize_t)1 << bits < 4 * count)
        bits++;
    sought->keys = keys;
    sought->mask = ((uint32_t)1 << bits) - 1;
    sought->shift = 64 - bits;
    sought->slots = calloc((size_t)1 << bits, sizeof(uint16_t));
    if (!sought->slots)
        return 0;
    memset(sought->ends, 0, sizeof(sought->ends));
    for (Py_ssize_t n = 0; n < count; n++) {
        uint32_t slot = slot_of(sought, keys[n]);
        while (sought->slots[slot])
            slot = (slot + 1) & sought->mask;
        sought->slots[slot] = (uint16_t)(n + 1);
        sought->ends[end_of(keys[n]) >> 6] |= UINT64_C(1) << (keys[n] & 63);
    }
    return 1;
}

/* What is being read: the last letters, and what was counted. */
typedef struct {
    const Sought *sought;
    const uint16_t *table;
    uint32_t known; /* code points that the table has; the last is for all others */
    uint64_t last;  /* the last GROUP letters */
    int64_t letters;
    double *counts;
    Py_ssize_t step; /* from the count of one group to that of the next */
} Reading;

static void count_group(const Reading *reading, uint64_t key)
{
    const Sought *sought = reading->sought;
    for (uint32_t slot = slot_of(sought, key); sought->slots[slot];
         slot = (slot + 1) & sought->mask)
        if (sought->keys[sought->slots[slot] - 1] == key) {
            reading->counts[(sought->slots[slot] - 1) * reading->step] += 1;
            return;
        }
}

static inline uint64_t with_letter(const Reading *reading, uint64_t last, uint16_t letter)
{
    const uint64_t key =
        (last << LETTER_BITS | letter) & ((UINT64_C(1) << GROUP * LETTER_BITS) - 1);
    const uint32_t end = end_of(key);
    if (reading->sought->ends[end >> 6] >> (end & 63) & 1)
        count_group(reading, key);
    return key;
}

/* What parts words. */
static void read_border(Reading *reading)
{
    reading->last = with_letter(reading, reading->last, 0);
}

/* Reads UTF-8; what is cut off at either end is passed over. */
static void read_text(Reading *reading, const uint8_t *text, int64_t length)
{
    const uint16_t *table = reading->table;
    const uint32_t known = reading->known;
    uint64_t last = reading->last;
    int64_t count = 0;
    const uint8_t *const end = text + length;
    while (text < end) {
        uint32_t code = *text;
        int64_t size = 1;
        if (code >= 0xC0 && code < 0xE0) {
            size = 2;
            if (end - text < size)
                break;
            code = (code & 0x1F) << 6 | (text[1] & 0x3F);
        } else if (code >= 0xE0) {
            /* All of them are beyond the table. */
            size = code < 0xF0 ? 3 : 4;
            if (end - text < size)
                break;
            code = known - 1;
        } else if (code >= 0x80) {
            text++;
            continue;
        }
        text += size;
        const uint16_t letter = table[code < known ? code : known - 1];
        if (letter == DROPPED)
            continue;
        count += letter != 0;
        last = with_letter(reading, last, letter);
    }
    reading->last = last;
    reading->letters += count;
}

/* Where a string of JSON begins, behind its quotation mark, in the record of a document's fields:
{"id":"…","title":"…", as `Store` writes it; -1 where there is none. */
static int64_t title_in(const uint8_t *record, int64_t length)
{
    static const char before[] = "{\"id\":\"", between[] = "\",\"title\":\"";
    int64_t at = (int64_t)sizeof(before) - 1;
    if (length < at || memcmp(record, before, (size_t)at))
        return -1;
    while (at < length && record[at] != '"')
        at += record[at] == '\\' ? 2 : 1;
    const int64_t size = (int64_t)sizeof(between) - 1;
    return at + size <= length && !memcmp(record + at, between, (size_t)size) ? at + size : -1;
}

/* Reads a string of JSON from behind its quotation mark; what is escaped is no letter. */
static void read_string(Reading *reading, const uint8_t *record, int64_t at, int64_t length)
{
    while (at < length && record[at] != '"') {
        int64_t end = at;
        while (end < length && record[end] != '"' && record[end] != '\\')
            end++;
        read_text(reading, record + at, end - at);
        at = end;
        if (at < length && record[at] == '\\') {
            read_border(reading);
            at += at + 1 < length && record[at + 1] == 'u' ? 6 : 2;
        }
    }
}

/* letters(store, offsets, docs, shares, keys, table, most) -> (frequencies, lengths)

How often groups of letters stand in the titles of documents and in a piece of their texts.

store: the fields and the text of each document, in turns; offsets: where each begins.
shares: where in the text of each document the piece is wanted, 0 to 1.
keys: the groups, ascending. table: the folded letter of each code point. most: bytes of a piece.

The frequencies are those of a group in all documents (float64), one group after another; the
lengths count the letters of each document (int64). */
static PyObject *letters(PyObject *self, PyObject *const *args, Py_ssize_t nargs)
{
    if (nargs != 7) {
        PyErr_SetString(PyExc_TypeError, "seven arguments are needed");
        return NULL;
    }
    const long long most = PyLong_AsLongLong(args[6]);
    Array a[6];
    if (PyErr_Occurred() || arrays_take(a, args, 6, "u1 u* i8 f8 u8 u2") < 0)
        return NULL;
    const uint8_t *store = a[0].data;
    const int64_t *docs = a[2].data;
    const double *shares = a[3].data;
    const Py_ssize_t count = a[2].length, groups = a[4].length;
    PyObject *found = NULL, *counts = NULL, *lengths = NULL;
    Sought sought = {0};
    if (a[3].length != count || groups > 0xFFFE || a[5].length < 0x700) {
        PyErr_SetString(PyExc_TypeError, "the arrays do not fit each other");
        goto done;
    }
    counts = PyByteArray_FromStringAndSize(NULL, groups * count * 8);
    lengths = PyByteArray_FromStringAndSize(NULL, count * 8);
    if (!counts || !lengths || !sought_begin(&sought, a[4].data, groups)) {
        if (!PyErr_Occurred())
            PyErr_NoMemory();
        goto done;
    }
    double *sum = (double *)PyByteArray_AsString(counts);
    int64_t *letters = (int64_t *)PyByteArray_AsString(lengths);
    memset(sum, 0, (size_t)(groups * count) * 8);
    int right = 1;
    for (Py_ssize_t n = 0; right && n < count; n++) {
        const int64_t at = 2 * docs[n];
        right = at >= 0 && at + 2 < a[1].length;
        if (!right)
            break;
        const int64_t start = (int64_t)number_at(&a[1], at);
        const int64_t middle = (int64_t)number_at(&a[1], at + 1);
        const int64_t end = (int64_t)number_at(&a[1], at + 2);
        right = start >= 0 && start <= middle && middle <= end && end <= a[0].length;
        const int64_t title = right ? title_in(store + start, middle - start) : -1;
        right = right && title >= 0;
        if (!right)
            break;
        Reading reading = {&sought, a[5].data, (uint32_t)a[5].length, 0, 0, sum + n, count};
        read_string(&reading, store + start, title, middle - start);
        read_border(&reading);
        const int64_t size = end - middle, room = size > most ? size - most : 0;
        int64_t from = (int64_t)rint(shares[n] * (double)size) - most / 2;
        from = from > room ? room : from;
        from = from < 0 ? 0 : from;
        read_text(&reading, store + middle + from, size - from < most ? size - from : most);
        read_border(&reading);
        letters[n] = reading.letters;
    }
    if (right)
        found = PyTuple_Pack(2, counts, lengths);
    else
        PyErr_SetString(PyExc_IndexError, "what is stored of a document is not within the file");
done:
    free(sought.slots);
    Py_XDECREF(counts);
    Py_XDECREF(lengths);
    arrays_drop(a, 6);
    return found;
}
