/* A PKCS#11 module that passes every call on to another one, except for what its mood says: what SoftHSM never does.
   MOODY_FOLDER/mood holds the mood; each PIN that is sent leaves a byte in MOODY_FOLDER/pins. */
#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef unsigned long ulong_t;
typedef ulong_t (*function)();
/* CK_FUNCTION_LIST of PKCS#11 2.40: a version, then the functions in the order of the standard. */
struct list { struct { unsigned char major, minor; } version; function at[68]; };
enum { FINALIZE = 1, GET_TOKEN_INFO = 6, LOGIN = 18, SIGN_INIT = 42 };
/* CK_TOKEN_INFO begins with label 32, manufacturer 32, model 16, serial 16; then the flags. */
enum { FLAGS = 96, FINAL_TRY = 0x20000, PIN_LOCKED = 0x40000 };
enum { DEVICE_ERROR = 0x30, DEVICE_REMOVED = 0x32, CKR_PIN_LOCKED = 0xA4, CKR_PIN_INCORRECT = 0xA0 };

static struct list *real, ours;

static FILE *file(const char *name, const char *how) {
    char path[4096];
    snprintf(path, sizeof path, "%s/%s", getenv("MOODY_FOLDER"), name);
    return fopen(path, how);
}

static int mood_is(const char *name) {
    char text[32] = "";
    FILE *mood = file("mood", "r");
    if (mood == NULL) return 0;
    if (fgets(text, sizeof text, mood) == NULL) text[0] = 0;
    fclose(mood);
    return strcmp(text, name) == 0;
}

static ulong_t get_token_info(ulong_t slot, unsigned char *info) {
    ulong_t answer = real->at[GET_TOKEN_INFO](slot, info), *flags = (ulong_t *)(info + FLAGS);
    if (answer == 0 && mood_is("final try")) *flags |= FINAL_TRY;
    if (answer == 0 && mood_is("locked")) *flags |= PIN_LOCKED;
    return answer;
}

static ulong_t login(ulong_t session, ulong_t user, unsigned char *pin, ulong_t length) {
    FILE *pins = file("pins", "a");
    fputc('.', pins);
    fclose(pins);
    if (mood_is("locks at login")) return CKR_PIN_LOCKED;
    return real->at[LOGIN](session, user, pin, length);
}

static ulong_t sign_init(ulong_t session, void *mechanism, ulong_t key) {
    return mood_is("removed") ? DEVICE_REMOVED : real->at[SIGN_INIT](session, mechanism, key);
}

static ulong_t finalize(void *reserved) {
    ulong_t answer = real->at[FINALIZE](reserved);
    return mood_is("removed") ? DEVICE_ERROR : answer;
}

ulong_t C_GetFunctionList(struct list **given) {
    void *library = dlopen(getenv("MOODY_BEHIND"), RTLD_NOW);
    ulong_t (*behind)(struct list **) = library ? dlsym(library, "C_GetFunctionList") : NULL;
    if (behind == NULL || behind(&real) != 0) return DEVICE_ERROR;
    ours = *real;
    ours.at[GET_TOKEN_INFO] = get_token_info;
    ours.at[LOGIN] = login;
    ours.at[SIGN_INIT] = sign_init;
    ours.at[FINALIZE] = finalize;
    *given = &ours;
    return 0;
}
