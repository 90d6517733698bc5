/* Cutting texts into stretches of word characters: the twin of `_cut` in indexer/vocabulary.py. */

#include "arrays.h"

enum { SEPARATOR, PLAIN, SIGN }; /* of indexer/characters.py; all beyond is for Python to tell */

/* cut(points, begins, kinds, values, base, longest, starts, ends, offsets, hashes, counts): finds the
stretches of the texts that begin at `begins` (the end of the last comes last), each behind one
separator; the kind and the value of a character beyond the tables are their last ones. Offsets are
those in the text. A stretch of at most longest[0] characters that the kinds tell to be one plain
word gets a hash, the sum of its values times powers of base[0], its lowest bit set; any other 0.
Gives the number of stretches; IndexError when a text is not within the points or there is no room. */
static PyObject *cut(PyObject *self, PyObject *const *args, Py_ssize_t count)
{
    Array a[11];
    if (arrays_take(a, args, count, "u4 i8 u1 u8 u8 i8 =i8 =i8 =i8 =u8 =i8") < 0)
        return NULL;
    const uint32_t *points = a[0].data;
    const int64_t *begins = a[1].data;
    const uint8_t *kinds = a[2].data;
    const uint64_t *values = a[3].data;
    int64_t *starts = a[6].data, *ends = a[7].data;
    int64_t *offsets = a[8].data, *counts = a[10].data;
    uint64_t *hashes = a[9].data;
    const Py_ssize_t texts = a[1].length - 1, room = a[6].length;
    const uint32_t last_kind = (uint32_t)(a[2].length - 1), last_value = (uint32_t)(a[3].length - 1);
    int within = texts >= 0 && a[2].length && a[3].length && a[4].length == 1 && a[5].length == 1 &&
                 a[7].length == room && a[8].length == room && a[9].length == room &&
                 a[10].length == texts;
    const uint64_t base = within ? *(const uint64_t *)a[4].data : 0;
    const int64_t longest = within ? *(const int64_t *)a[5].data : 0;
    Py_ssize_t found = 0;
    Py_BEGIN_ALLOW_THREADS
    for (Py_ssize_t text = 0; within && text < texts; text++) {
        const int64_t first = begins[text], end = begins[text + 1] - 1;
        within = first >= 0 && end >= first && end < a[0].length;
        const Py_ssize_t before = found;
        for (int64_t at = first; within && at < end; at++) {
            uint32_t point = points[at];
            uint8_t kind = kinds[point < last_kind ? point : last_kind];
            if (kind == SEPARATOR)
                continue;
            within = found < room;
            if (!within)
                break;
            const int64_t start = at;
            uint64_t hash = 0, power = 1;
            int plain = 1;
            uint8_t earlier = SEPARATOR;
            do {
                plain &= kind == PLAIN || (kind == SIGN && earlier == PLAIN);
                hash += values[point < last_value ? point : last_value] * power;
                power *= base;
                earlier = kind;
                if (++at == end)
                    break;
                point = points[at];
                kind = kinds[point < last_kind ? point : last_kind];
            } while (kind != SEPARATOR);
            starts[found] = start;
            ends[found] = at;
            offsets[found] = start - first;
            hashes[found++] = plain && at - start <= longest ? hash | 1 : 0;
        }
        if (within)
            counts[text] = found - before;
    }
    Py_END_ALLOW_THREADS
    arrays_drop(a, 11);
    if (!within) {
        PyErr_SetString(PyExc_IndexError, "a text is not within the characters");
        return NULL;
    }
    return PyLong_FromSsize_t(found);
}

/* Whether counts are of so many items altogether. */
static int counts_add_up(const int64_t *counts, Py_ssize_t length, Py_ssize_t items)
{
    Py_ssize_t left = items;
    for (Py_ssize_t n = 0; n < length; n++) {
        if (counts[n] < 0 || counts[n] > left)
            return 0;
        left -= counts[n];
    }
    return !left;
}

/* look(words, offsets, counts, sample, lengths, scripts, own, seen, letters, found): what the words
of some texts tell of their languages, those whose offset is below sample[0]. `lengths` and
`scripts` are of each word of the vocabulary, `own` has a bit for each language of each of the first
ones, and `seen` is room for as many numbers. Adds the letters of each script to `letters`, and the
different words of each language to `found`, a row for each text in both. The twin of `_look_at` in
indexer/detect.py. */
static PyObject *look(PyObject *self, PyObject *const *args, Py_ssize_t count)
{
    Array a[10];
    if (arrays_take(a, args, count, "i8 i8 i8 i8 i8 u1 u4 =i8 =i8 =i8") < 0)
        return NULL;
    const int64_t *words = a[0].data, *offsets = a[1].data, *counts = a[2].data;
    const int64_t *lengths = a[4].data;
    const uint8_t *scripts = a[5].data;
    const uint32_t *own = a[6].data;
    int64_t *seen = a[7].data, *letters = a[8].data, *found = a[9].data;
    const Py_ssize_t texts = a[2].length, telling = a[6].length;
    const Py_ssize_t columns = texts ? a[8].length / texts : 0;
    const Py_ssize_t languages = texts ? a[9].length / texts : 0;
    int within = a[1].length == a[0].length && a[3].length == 1 && a[5].length == a[4].length &&
                 a[7].length == telling && a[8].length == columns * texts &&
                 a[9].length == languages * texts && languages <= 32 &&
                 counts_add_up(counts, texts, a[0].length);
    const int64_t sample = within ? *(const int64_t *)a[3].data : 0;
    Py_BEGIN_ALLOW_THREADS
    for (Py_ssize_t n = 0; n < a[7].length; n++)
        seen[n] = -1;
    Py_ssize_t end = 0;
    for (Py_ssize_t text = 0; within && text < texts; text++) {
        Py_ssize_t at = end;
        end += counts[text];
        for (; within && at < end && offsets[at] < sample; at++) {
            const int64_t word = words[at];
            within = word >= 0 && word < a[4].length && scripts[word] < columns;
            if (!within)
                break;
            letters[text * columns + scripts[word]] += lengths[word];
            if (word >= telling || seen[word] == text)
                continue;
            seen[word] = text;
            for (Py_ssize_t language = 0; language < languages; language++)
                found[text * languages + language] += own[word] >> language & 1;
        }
    }
    Py_END_ALLOW_THREADS
    arrays_drop(a, 10);
    if (!within) {
        PyErr_SetString(PyExc_IndexError, "a word is not of the vocabulary");
        return NULL;
    }
    Py_RETURN_NONE;
}

enum { BODY, TITLE, REPEATED_TITLE }; /* of indexer/passagetable.py */

/* lay_out(words, counts, kinds, languages, gap, masks, text, titles): writes the words of the
passages of documents as they stand in the field `text` (with gap[0] behind a title) and in the field
`title`, and sets the bit of the language of each passage (-1 for none) in the masks of its words.
The twin of `_laid_out` in indexer/segmenttext.py. */
static PyObject *lay_out(PyObject *self, PyObject *const *args, Py_ssize_t count)
{
    Array a[8];
    if (arrays_take(a, args, count, "i8 i8 u1 i8 u4 =u4 =u4 =u4") < 0)
        return NULL;
    const int64_t *words = a[0].data, *counts = a[1].data, *languages = a[3].data;
    const uint8_t *kinds = a[2].data;
    uint32_t *masks = a[5].data, *text = a[6].data, *titles = a[7].data;
    const Py_ssize_t passages = a[1].length;
    int within = a[2].length == passages && a[3].length == passages && a[4].length == 1 &&
                 counts_add_up(counts, passages, a[0].length);
    Py_ssize_t in_text = 0, in_titles = 0;
    Py_BEGIN_ALLOW_THREADS
    Py_ssize_t at = 0;
    for (Py_ssize_t passage = 0; within && passage < passages; passage++) {
        const Py_ssize_t size = counts[passage];
        const uint8_t kind = kinds[passage];
        const int64_t language = languages[passage];
        within = language < 32 && (kind == BODY || size <= a[7].length - in_titles) &&
                 (kind == REPEATED_TITLE || size + (kind == TITLE) <= a[6].length - in_text);
        const uint32_t bit = within && language >= 0 ? (uint32_t)1 << language : 0;
        for (Py_ssize_t n = 0; within && n < size; n++) {
            const int64_t word = words[at + n];
            within = word >= 0 && word < a[5].length;
            if (!within)
                break;
            masks[word] |= bit;
            if (kind != REPEATED_TITLE)
                text[in_text + n] = (uint32_t)word;
            if (kind != BODY)
                titles[in_titles + n] = (uint32_t)word;
        }
        at += size;
        if (kind != BODY)
            in_titles += size;
        if (kind != REPEATED_TITLE)
            in_text += size;
        if (kind == TITLE && within)
            text[in_text++] = *(const uint32_t *)a[4].data;
    }
    Py_END_ALLOW_THREADS
    within = within && in_text == a[6].length && in_titles == a[7].length;
    arrays_drop(a, 8);
    if (!within) {
        PyErr_SetString(PyExc_IndexError, "a word is not of the vocabulary");
        return NULL;
    }
    Py_RETURN_NONE;
}
