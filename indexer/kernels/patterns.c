/* Finding the words whose folded forms fit a pattern: the twin of `Lexicon.matching`, in all
lexicons at once. */

#include "held.h"
#include "sorting.h"
#include "strings.h"

/* Other threads may run while more words than that are looked at. */
#define MUCH (1 << 14)

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

/* What is known of a pattern before any word is looked at. */
typedef struct {
    const unsigned char *text, *run;
    int64_t size;
    int64_t head, tail; /* bytes before its first wildcard, and behind its last */
    int64_t letters;    /* of its longest run between two */
    int64_t least;      /* no word of fewer bytes fits */
    int plain;          /* whether one star is all that stands between head and tail */
    uint64_t end, mask; /* the last of the eight bytes that end a word which fits, and which these are */
} Pattern;

static Pattern pattern_of(const unsigned char *text, int64_t size)
{
    Pattern pattern = {.text = text, .size = size, .tail = tail_of(text, size)};
    pattern.letters = longest_run(text, size, &pattern.run);
    while (pattern.head < size && !is_wild(text[pattern.head]))
        pattern.head++;
    for (int64_t at = 0; at < size; at++)
        pattern.least += text[at] != '*';
    pattern.plain = pattern.head + 1 + pattern.tail == size && text[pattern.head] == '*';
    unsigned char end[8] = {0}, mask[8] = {0};
    for (int64_t back = 1; back <= 8 && back <= pattern.tail; back++) {
        end[8 - back] = text[size - back];
        mask[8 - back] = 0xFF;
    }
    memcpy(&pattern.end, end, 8);
    memcpy(&pattern.mask, mask, 8);
    return pattern;
}

/* Whether the eight bytes before the end of a word end as the pattern does, as far as they tell. */
static inline int ends_in(const Pattern *pattern, const unsigned char *blob, int64_t end)
{
    uint64_t last;
    memcpy(&last, blob + end - 8, 8);
    return !((last ^ pattern->end) & pattern->mask);
}

/* Whether a word of enough bytes ends as the pattern does. */
static int ends_so(const Pattern *pattern, const unsigned char *blob, int64_t end)
{
    const int64_t tail = pattern->tail;
    if (end >= 8 && !ends_in(pattern, blob, end))
        return 0;
    return !memcmp(blob + end - tail, pattern->text + pattern->size - tail, (size_t)tail);
}

/* Strings in the order of their bytes: all of them, where each begins, and the word of each. */
enum { BLOB, BEGINS, IDS };

/* Those of them that begin as a pattern does: the first, and one past the last. */
typedef struct {
    const Array *strings;
    int64_t first, last;
} Range;

/* Finds up to TOGETHER ranges by halves; gives 0 where the file is wrong. Each step of all of them
waits for memory at the same time.

last: whether the first ones are known. Until then `last` is the nearest string seen that is behind. */
static int find_ends(Range *ranges, Py_ssize_t count, const Pattern *pattern, int last)
{
    int64_t low[TOGETHER], high[TOGETHER], start[TOGETHER], end[TOGETHER];
    for (Py_ssize_t n = 0; n < count; n++) {
        low[n] = ranges[n].first;
        high[n] = ranges[n].last;
    }
    for (int busy = 1; busy;) {
        busy = 0;
        for (Py_ssize_t n = 0; n < count; n++)
            if (low[n] < high[n])
                prefetch(ranges[n].strings + BEGINS, low[n] + (high[n] - low[n]) / 2);
        for (Py_ssize_t n = 0; n < count; n++) {
            const Array *strings = ranges[n].strings;
            const int64_t middle = low[n] + (high[n] - low[n]) / 2;
            if (low[n] == high[n])
                continue;
            if (!string_at(strings + BEGINS, middle, strings[BLOB].length, &start[n], &end[n]))
                return 0;
            prefetch(strings + BLOB, start[n]);
        }
        for (Py_ssize_t n = 0; n < count; n++) {
            if (low[n] == high[n])
                continue;
            const int64_t middle = low[n] + (high[n] - low[n]) / 2, length = end[n] - start[n];
            const unsigned char *blob = ranges[n].strings[BLOB].data;
            int order = memcmp(blob + start[n], pattern->text,
                               (size_t)(length < pattern->head ? length : pattern->head));
            if (!order && length < pattern->head)
                order = -1;
            if (order < 0 || (last && !order))
                low[n] = middle + 1;
            else
                high[n] = middle;
            if (order > 0)
                ranges[n].last = middle;
            busy |= low[n] < high[n];
        }
    }
    for (Py_ssize_t n = 0; n < count; n++)
        *(last ? &ranges[n].last : &ranges[n].first) = low[n];
    return 1;
}

/* Finds what begins as a pattern does among the strings of all lexicons. */
static int find_ranges(Range *ranges, Py_ssize_t count, const Pattern *pattern)
{
    for (Py_ssize_t at = 0; at < count; at += TOGETHER) {
        const Py_ssize_t some = count - at < TOGETHER ? count - at : TOGETHER;
        if (!find_ends(ranges + at, some, pattern, 0) || !find_ends(ranges + at, some, pattern, 1))
            return 0;
    }
    return 1;
}

/* Words that were found. */
typedef struct {
    int64_t *ids;
    int64_t count, room;
} Fitting;

static int make_room(Fitting *found, int64_t more)
{
    if (found->count + more <= found->room)
        return 1;
    const int64_t room = 2 * found->count + more + 256;
    int64_t *ids = realloc(found->ids, (size_t)room * sizeof *ids);
    if (!ids)
        return 0;
    found->ids = ids;
    found->room = room;
    return 1;
}

/* So many strings are looked at for every time that room is made. */
#define CHUNK 1024

/* Adds the words whose strings in a range end as a pattern does that has but one star; the answer is that
of `add_fitting`. No step depends on what fits: the processor would guess it wrong too often. */
static int add_ending(Fitting *found, const Range *range, const Pattern *pattern)
{
    const Array *strings = range->strings;
    const unsigned char *blob = strings[BLOB].data;
    const uint32_t *ids = strings[IDS].data;
    const int64_t length = strings[BLOB].length;
    const int longer = pattern->tail > 8;
    int64_t at = range->first, start, end = 0;
    if (at < range->last)
        end = (int64_t)number_at(strings + BEGINS, at);
    if (end < 0)
        return 0;
    while (at < range->last) {
        const int64_t stop = range->last - at < CHUNK ? range->last : at + CHUNK;
        if (!make_room(found, stop - at))
            return -1;
        int64_t count = found->count;
        for (; at < stop; at++) {
            start = end;
            end = (int64_t)number_at(strings + BEGINS, at + 1);
            if (start > end || end > length)
                return 0;
            found->ids[count] = ids[at];
            if (end < 8 || longer)
                count += end - start >= pattern->least && ends_so(pattern, blob, end);
            else
                count += (end - start >= pattern->least) & ends_in(pattern, blob, end);
        }
        found->count = count;
    }
    return 1;
}

/* Adds the words whose strings in a range fit a pattern; gives 0 where the file is wrong, -1 where there
is no memory.

All strings are looked through at once for the longest run of letters between two wildcards; only those
that hold it, and end as the pattern does, are compared. */
static int add_fitting(Fitting *found, const Range *range, const Pattern *pattern)
{
    const Array *strings = range->strings;
    const unsigned char *blob = strings[BLOB].data;
    const uint32_t *ids = strings[IDS].data;
    int64_t begin, all = 0, hit = -1;
    if (pattern->plain && pattern->tail)
        return add_ending(found, range, pattern);
    if (pattern->plain) {
        if (!make_room(found, range->last - range->first))
            return -1;
        for (int64_t at = range->first; at < range->last; at++)
            found->ids[found->count++] = ids[at];
        return 1;
    }
    if (range->first < range->last &&
        !string_at(strings + BEGINS, range->last - 1, strings[BLOB].length, &begin, &all))
        return 0;
    for (int64_t at = range->first; at < range->last; at++) {
        int64_t start, end;
        if (!string_at(strings + BEGINS, at, strings[BLOB].length, &start, &end))
            return 0;
        if (pattern->letters && hit < start)
            hit = place_of(blob, start, all, pattern->run, pattern->letters);
        if ((pattern->letters && hit + pattern->letters > end) || end - start < pattern->least ||
            !ends_so(pattern, blob, end) ||
            !matches(blob + start, end - start, pattern->text, pattern->size))
            continue;
        if (!make_room(found, 1))
            return -1;
        found->ids[found->count++] = ids[at];
    }
    return 1;
}

/* The words of a lexicon: those that are not changed by folding in the order of what is written, and those
that are in the order of their folded forms. */
enum { WRITTEN, RANKS = 3, FOLDED = 4 };

/* Adds the words of a lexicon that fit; the answer is that of `add_fitting`.

changed: of each word whether folding changes it; or NULL for a prefix, with which the folded form of a word
begins where the word itself does. */
static int add_words_of(Fitting *found, const Array *lexicon, const Range ranges[2],
                        const Pattern *pattern, const uint8_t *changed)
{
    const int64_t begin = found->count, words = lexicon[IDS].length;
    const Range *written = ranges, *folded = ranges + 1;
    int right = add_fitting(found, written, pattern);
    const int64_t middle = found->count;
    if (right > 0)
        right = add_fitting(found, folded, pattern);
    for (int64_t n = begin; right > 0 && n < found->count; n++)
        right = found->ids[n] < words;
    if (right <= 0)
        return right;
    /* What fits as it is written may fit no longer when it is folded, and no word is there twice. */
    int64_t *ids = found->ids, kept = begin;
    const uint32_t *ranks = lexicon[RANKS].data;
    for (int64_t n = begin; n < found->count; n++) {
        const int64_t id = ids[n];
        ids[kept] = id;
        if (n < middle)
            kept += !(changed && changed[id]);
        else
            kept += changed || ranks[id] < written->first || ranks[id] >= written->last;
    }
    found->count = kept;
    return 1;
}

static int is_lexicon(const Array *lexicon)
{
    const int64_t words = lexicon[IDS].length, forms = lexicon[FOLDED + IDS].length;
    return lexicon[BEGINS].length == words + 1 && lexicon[RANKS].length == words &&
           lexicon[FOLDED + BEGINS].length == forms + 1;
}

/* fitting(lexicons, bases, pattern, changed) -> the numbers of the words whose folded forms fit a
pattern (int64), ascending, as bytes.

lexicons: held (LEXICON); bases: the number of the first word of each, and behind them how many there
are. changed: for each number whether folding changes the word; empty where the pattern is letters and a
star behind them. */
static PyObject *fitting(PyObject *self, PyObject *const *args, Py_ssize_t nargs)
{
    if (nargs != 4) {
        PyErr_SetString(PyExc_TypeError, "lexicons and three arrays are needed");
        return NULL;
    }
    Array a[3];
    const Held *held = held_of(args[0], LEXICON);
    if (!held || arrays_take(a, args + 1, 3, "i8 u1 u1") < 0)
        return NULL;
    const int64_t *bases = a[0].data;
    const Pattern pattern = pattern_of(a[1].data, a[1].length);
    const int prefix = pattern.plain && !pattern.tail;
    Fitting found = {0};
    Range *ranges = malloc(sizeof *ranges * (size_t)(2 * held->count + 1));
    int64_t words = 0;
    int right = ranges ? a[0].length == held->count + 1 : -1;
    for (Py_ssize_t n = 0; right > 0 && n < held->count; n++) {
        const Array *lexicon = held->arrays + n * held->width;
        right = is_lexicon(lexicon) && bases[n] == words;
        words += lexicon[IDS].length;
        ranges[2 * n] = (Range){lexicon + WRITTEN, 0, lexicon[IDS].length};
        ranges[2 * n + 1] = (Range){lexicon + FOLDED, 0, lexicon[FOLDED + IDS].length};
    }
    if (right > 0)
        right = (prefix ? !a[2].length : a[2].length == words) &&
                find_ranges(ranges, 2 * held->count, &pattern);
    int64_t most = 0;
    for (Py_ssize_t n = 0; right > 0 && n < 2 * held->count; n++)
        most += ranges[n].last - ranges[n].first;
    PyThreadState *threads = most > MUCH ? PyEval_SaveThread() : NULL;
    for (Py_ssize_t n = 0; right > 0 && n < held->count; n++) {
        const Array *lexicon = held->arrays + n * held->width;
        const uint8_t *changed = prefix ? NULL : (const uint8_t *)a[2].data + bases[n];
        const int64_t begin = found.count;
        right = add_words_of(&found, lexicon, ranges + 2 * n, &pattern, changed);
        if (right <= 0)
            break;
        /* Ids are 32 bits. */
        sort_from((uint64_t *)found.ids + begin, found.count - begin, 24);
        for (int64_t k = begin; k < found.count; k++)
            found.ids[k] += bases[n];
    }
    if (threads)
        PyEval_RestoreThread(threads);
    PyObject *result = NULL;
    if (right < 0)
        PyErr_NoMemory();
    else if (!right)
        outside();
    else
        result = PyByteArray_FromStringAndSize((const char *)found.ids, (Py_ssize_t)found.count * 8);
    free(ranges);
    free(found.ids);
    arrays_drop(a, 3);
    return result;
}
