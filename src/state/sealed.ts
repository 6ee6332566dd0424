import { createCipheriv, createDecipheriv, hash, hkdfSync, randomBytes } from 'node:crypto';
import { deflateRawSync, inflateRawSync } from 'node:zlib';

/** Texts that only those can read, or write, who know the secret. */
export interface Seal {
  /** `about` says what the text belongs to: it is not stored, and opens nothing else. */
  close(text: string, about: string): string;
  /** Null for whatever was not closed with the same secret and the same `about`. */
  open(sealed: string, about: string): string | null;
}

const CIPHER = 'aes-256-gcm';
const KEY_BYTES = 32;
const NONCE_BYTES = 12;
const TAG_BYTES = 16;
/** Far more than the largest finding; whoever knows the secret might still be mistaken. */
const MAX_BYTES = 50_000_000;

/** AES-256-GCM under a key of HKDF-SHA-256 (RFC 5869) from `secret`; the text is compressed. */
export function createSeal({ secret, purpose }: { readonly secret: string; readonly purpose: string }): Seal {
  const key = new Uint8Array(hkdfSync('sha256', secret, '', `hookgraph/1/${purpose}`, KEY_BYTES));
  return {
    close: (text, about) => {
      const nonce = randomBytes(NONCE_BYTES);
      const cipher = createCipheriv(CIPHER, key, nonce, { authTagLength: TAG_BYTES }).setAAD(Buffer.from(about));
      const bytes = Buffer.concat([cipher.update(deflateRawSync(text)), cipher.final()]);
      return Buffer.concat([nonce, cipher.getAuthTag(), bytes]).toString('base64');
    },
    open: (sealed, about) => {
      const bytes = Buffer.from(sealed, 'base64');
      const start = NONCE_BYTES + TAG_BYTES;
      if (bytes.length < start) return null;
      const cipher = createDecipheriv(CIPHER, key, bytes.subarray(0, NONCE_BYTES), { authTagLength: TAG_BYTES })
        .setAAD(Buffer.from(about))
        .setAuthTag(bytes.subarray(NONCE_BYTES, start));
      try {
        const text = Buffer.concat([cipher.update(bytes.subarray(start)), cipher.final()]);
        return inflateRawSync(text, { maxOutputLength: MAX_BYTES }).toString();
      } catch {
        // Damaged, or of another secret: as good as absent, and soon written anew.
        return null;
      }
    },
  };
}

/** The part of a key that stands for a name: neither its words nor its length are to be seen. */
export function hashedName(name: string): string {
  return hash('sha256', name, 'base64url');
}
