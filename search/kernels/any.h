/* The documents of any of some finds, chapter by chapter, as `alternatives` in search/alternatives.py
takes them from an array of all. */

#ifndef FIHRIS_SEARCH_ANY_H
#define FIHRIS_SEARCH_ANY_H

#include "tally.h"

/* With more postings than that, all documents of a chapter are looked at for the best. */
#define DENSE 24576

/* What is still to be read of a find: of the documents that match, and of those behind them. */
typedef Stretch Reached[2];

/* Enters the chapter of the next of the listed documents. */
static void enter_listed(const uint32_t *docs, Stretch *rest)
{
    rest->stop = rest->end;
    if (rest->at == rest->end)
        return;
    rest->base = docs[rest->at] & ~(uint32_t)(CHAPTER - 1);
    if (docs[rest->end - 1] - rest->base >= CHAPTER)
        rest->stop = seek(docs, rest->at, rest->end, rest->base + CHAPTER);
}

static void reached_begin(const Find *find, Reached reached)
{
    const Stretch none = {0, 0, 0, 0};
    reached[0] = reached[1] = none;
    if (find->postings) {
        reached[find->matching ? 0 : 1] = find->word;
        return;
    }
    reached[0].end = reached[1].at = find->matching;
    reached[1].end = find->length;
    for (int part = 0; part < 2; part++)
        enter_listed(find->docs, &reached[part]);
}

/* Passes over the chapter that was read. */
static void reached_pass(const Find *find, Stretch *rest)
{
    rest->at = rest->stop;
    if (find->postings)
        enter_next(&find->postings->docs, rest);
    else
        enter_listed(find->docs, rest);
}

/* Takes the documents of any of some finds, chapter by chapter, as `rank_any` says; gives 0 where they
do not ascend from one to the next or are not below `count`.

window: clean before and, unless something is wrong, after. mains: of each find whether its documents are
hits. at: one for each, to work in. */
static int see_any(Tally *tally, Window *window, const Find *finds, const uint8_t *mains,
                   Py_ssize_t length, uint32_t count, Reached *at)
{
    uint32_t next = UINT32_MAX;
    int64_t total = 0;
    for (Py_ssize_t n = 0; n < length; n++) {
        total += finds[n].length;
        reached_begin(&finds[n], at[n]);
        for (int part = 0; part < 2; part++)
            if (at[n][part].at < at[n][part].end && at[n][part].base < next)
                next = at[n][part].base;
    }
    /* Where most chapters are dense, none is listed. */
    Chapter chapter = {.window = window};
    chapter.listing = total < (int64_t)DENSE * (count / CHAPTER + 1);
    while (next < count) {
        chapter.base = next;
        chapter.size = count - next < CHAPTER ? count - next : CHAPTER;
        chapter.count = 0;
        next = UINT32_MAX;
        int64_t postings = 0;
        for (Py_ssize_t n = 0; n < length; n++) {
            const Find *find = &finds[n];
            for (int part = 0; part < 2; part++) {
                Stretch *rest = &at[n][part];
                if (rest->at == rest->end)
                    continue;
                if (rest->base == chapter.base) {
                    if (!chapter_add(&chapter, find, rest->at, rest->stop,
                                     part ? ALIKE : MATCHES, !mains[n]))
                        return 0;
                    postings += rest->stop - rest->at;
                    reached_pass(find, rest);
                }
                if (rest->at < rest->end && rest->base < next)
                    next = rest->base;
            }
        }
        if (!chapter.listing || postings > DENSE) {
            if (tally->among)
                chapter_restrict(&chapter, tally);
            chapter_take_all(&chapter, tally);
        } else {
            chapter_take(&chapter, tally);
        }
        if (next <= chapter.base)
            return 0; /* they do not ascend */
    }
    return next == UINT32_MAX;
}

#endif
