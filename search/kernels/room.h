/* Room that a query takes piece by piece and leaves all at once. The first so much of it is kept from
one query to the next (`Workspace.room` in search/workspace.py): what is asked of the system anew is
given page by page, each of them cleared first. */

#ifndef FIHRIS_SEARCH_ROOM_H
#define FIHRIS_SEARCH_ROOM_H

#include "common.h"

/* What stands before a piece that the system gave. */
typedef union Piece {
    union Piece *before;
    long double aligned;
} Piece;

typedef struct {
    char *data; /* what is kept */
    size_t used, size;
    Piece *others;
} Room;

/* So many items of a size, aligned for any; NULL with an exception set where there is no memory. */
static void *room_take(Room *room, int64_t count, size_t size)
{
    const size_t bytes = ((size_t)count * size + sizeof(Piece) - 1) & ~(sizeof(Piece) - 1);
    if (bytes < room->size - room->used) {
        room->used += bytes;
        return room->data + room->used - bytes;
    }
    Piece *piece = malloc(sizeof(Piece) + bytes);
    if (!piece) {
        PyErr_NoMemory();
        return NULL;
    }
    piece->before = room->others;
    room->others = piece;
    return piece + 1;
}

/* Gives back what the system gave. */
static void room_leave(Room *room)
{
    while (room->others) {
        Piece *piece = room->others;
        room->others = piece->before;
        free(piece);
    }
}

#endif
