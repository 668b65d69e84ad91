/* Loaded before everything else: memory that is given back stays as it was, so that what nobody wiped is found.
   Only for processes that live for seconds. */
#include <malloc.h>
#include <string.h>

extern void *__libc_malloc(size_t size);

void free(void *kept) { (void)kept; }

void *realloc(void *before, size_t size) {
    void *after = __libc_malloc(size);
    if (before && after) {
        size_t held = malloc_usable_size(before);
        memcpy(after, before, held < size ? held : size);
    }
    return after;
}
