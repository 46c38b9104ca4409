package miroir.server.paging;

import java.security.GeneralSecurityException;
import java.util.Arrays;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** HKDF with SHA-256 (RFC 5869), for keys of at most one block. */
final class DerivedKey {
    private static final String HMAC = "HmacSHA256";
    private static final int BLOCK = 32;

    private DerivedKey() {}

    /** So many bytes from a secret; different salts or purposes give unrelated keys. */
    static byte[] of(byte[] secret, byte[] salt, byte[] purpose, int length) {
        if (length > BLOCK) {
            throw new IllegalArgumentException("a key of " + length + " bytes; allowed are at most " + BLOCK);
        }
        byte[] extracted = hmac(salt.length == 0 ? new byte[BLOCK] : salt, secret);
        byte[] firstBlock = Arrays.copyOf(purpose, purpose.length + 1);
        firstBlock[purpose.length] = 1;
        return Arrays.copyOf(hmac(extracted, firstBlock), length);
    }

    private static byte[] hmac(byte[] key, byte[] message) {
        try {
            Mac mac = Mac.getInstance(HMAC);
            mac.init(new SecretKeySpec(key, HMAC));
            return mac.doFinal(message);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java platform has " + HMAC, e);
        }
    }
}
