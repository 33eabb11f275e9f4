const DATABASE = 'swarm-identity';
const STORE = 'keys';
const KEY = 'member';

/** The key pair this browser keeps for this origin, if it made one before. */
export async function readKey(): Promise<CryptoKeyPair | undefined> {
  return inStore('readonly', (store) => store.get(KEY));
}

/** Keeps the pair; a `CryptoKey` that is not extractable stays so in IndexedDB. */
export async function writeKey(pair: CryptoKeyPair): Promise<void> {
  await inStore('readwrite', (store) => store.put(pair, KEY));
}

async function inStore<T>(
  mode: IDBTransactionMode,
  request: (store: IDBObjectStore) => IDBRequest<T>,
): Promise<T> {
  const database = await open();
  try {
    return await settled(request(database.transaction(STORE, mode).objectStore(STORE)));
  } finally {
    database.close();
  }
}

function open(): Promise<IDBDatabase> {
  const opening = indexedDB.open(DATABASE, 1);
  opening.onupgradeneeded = () => opening.result.createObjectStore(STORE);
  return settled(opening);
}

function settled<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}
