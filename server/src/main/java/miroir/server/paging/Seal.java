package miroir.server.paging;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * Encrypts and authenticates bytes with AES-GCM, so that any process with the same secret can open them and nobody else
 * can read, make or change them.
 *
 * <p>Problem: GCM is broken by one nonce that is used twice with one key. Many processes share the secret, they restart,
 * and none knows what the others use. Random nonces of 96 bits are good for some 2^32 messages in all, and a busy
 * installation writes that many links in its life.
 *
 * <p>Approach: no two processes use the same key, and within a process the nonce is a counter. The key is derived from the
 * secret with the <em>key id</em> as salt: 16 random bytes, drawn when the process starts, and the number of the day. Two
 * processes draw the same 16 bytes with probability 2^-128 per pair; a restart draws anew, so that a counter which begins
 * at 0 again does so under another key; a new day is a new key under which the counter simply goes on. A counter of 64
 * bits does not come round. So a pair of key and nonce occurs once.
 *
 * <p>Sealed bytes: format (1), process (16), day (4), counter (8), then ciphertext and tag. The first 29 bytes are
 * authenticated with the rest, and so is the <em>context</em>, which both sides know and which is not sent: opened in
 * another one, the bytes look forged. Opening derives the key anew, two HMACs, a few microseconds.
 */
final class Seal {
    private static final byte FORMAT = 1;
    private static final int PROCESS = 16;
    private static final int KEY_ID = PROCESS + Integer.BYTES;
    private static final int HEADER = 1 + KEY_ID + Long.BYTES;
    private static final int TAG = 16;
    private static final long DAY_MILLIS = 86_400_000;
    private static final byte[] PURPOSE = "miroir page link 1".getBytes(StandardCharsets.UTF_8);

    private final Supplier<byte[]> secret;
    private final InstantSource clock;
    private final byte[] process = new byte[PROCESS];
    private final AtomicLong counter = new AtomicLong();
    private final AtomicReference<@Nullable DayKey> today = new AtomicReference<>();

    /** The secret is asked for each time a key is derived. */
    Seal(Supplier<byte[]> secret, InstantSource clock) {
        this.secret = secret;
        this.clock = clock;
        new SecureRandom().nextBytes(process);
    }

    byte[] close(byte[] plain, byte[] context) {
        DayKey key = keyOfToday();
        byte[] header = ByteBuffer.allocate(HEADER)
                .put(FORMAT)
                .put(process)
                .putInt(key.day())
                .putLong(counter.getAndIncrement())
                .array();
        try {
            byte[] sealed =
                    cipher(Cipher.ENCRYPT_MODE, key.key(), header, context).doFinal(plain);
            return ByteBuffer.allocate(HEADER + sealed.length)
                    .put(header)
                    .put(sealed)
                    .array();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java platform has AES-GCM", e);
        }
    }

    /** What was sealed, or null where these bytes were not sealed with this secret in this context. */
    byte @Nullable [] open(byte[] sealed, byte[] context) {
        if (sealed.length < HEADER + TAG || sealed[0] != FORMAT) {
            return null;
        }
        byte[] header = new byte[HEADER];
        System.arraycopy(sealed, 0, header, 0, HEADER);
        byte[] keyId = new byte[KEY_ID];
        System.arraycopy(sealed, 1, keyId, 0, KEY_ID);
        try {
            return cipher(Cipher.DECRYPT_MODE, key(keyId), header, context)
                    .doFinal(sealed, HEADER, sealed.length - HEADER);
        } catch (GeneralSecurityException forged) {
            return null;
        }
    }

    private DayKey keyOfToday() {
        int day = (int) (clock.millis() / DAY_MILLIS);
        DayKey known = today.get();
        if (known != null && known.day() == day) {
            return known;
        }
        byte[] keyId = ByteBuffer.allocate(KEY_ID).put(process).putInt(day).array();
        DayKey fresh = new DayKey(day, key(keyId));
        today.set(fresh);
        return fresh;
    }

    private SecretKeySpec key(byte[] keyId) {
        return new SecretKeySpec(DerivedKey.of(secret.get(), keyId, PURPOSE, 32), "AES");
    }

    private static Cipher cipher(int mode, SecretKeySpec key, byte[] header, byte[] context)
            throws GeneralSecurityException {
        byte[] nonce = ByteBuffer.allocate(12)
                .putInt(0)
                .put(header, HEADER - Long.BYTES, Long.BYTES)
                .array();
        Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
        cipher.init(mode, key, new GCMParameterSpec(8 * TAG, nonce));
        cipher.updateAAD(header);
        cipher.updateAAD(context);
        return cipher;
    }

    private record DayKey(int day, SecretKeySpec key) {}
}
