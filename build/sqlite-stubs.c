/* SQLitePCLRaw imports the functions of SQLite's encryption extension, which the public amalgamation doesn't have. Nothing calls them. */
#define SQLITE_ERROR 1

int sqlite3_key(void *db, const void *key, int length) { (void)db; (void)key; (void)length; return SQLITE_ERROR; }
int sqlite3_key_v2(void *db, const char *name, const void *key, int length) { (void)name; return sqlite3_key(db, key, length); }
int sqlite3_rekey(void *db, const void *key, int length) { return sqlite3_key(db, key, length); }
int sqlite3_rekey_v2(void *db, const char *name, const void *key, int length) { return sqlite3_key_v2(db, name, key, length); }
