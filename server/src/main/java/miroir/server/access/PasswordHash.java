package miroir.server.access;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.text.Normalizer;
import java.util.Base64;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import miroir.index.Refusal;
import org.bouncycastle.crypto.generators.Argon2BytesGenerator;
import org.bouncycastle.crypto.params.Argon2Parameters;

/**
 * Hashes of passwords by Argon2id, written as others write them: {@code $argon2id$v=19$m=19456,t=2,p=1$salt$hash}. Each takes 19 MB and some
 * tens of milliseconds, which is the point; so only two are made at a time.
 */
public final class PasswordHash {
    private static final int MEMORY_KB = 19_456;
    private static final int PASSES = 2;
    private static final int SALT = 16;
    private static final int LENGTH = 32;
    private static final int SHORTEST = 12;
    private static final int LONGEST = 200;
    private static final int WAIT_SECONDS = 5;
    private static final Pattern KEPT =
            Pattern.compile("\\$argon2id\\$v=19\\$m=(\\d{1,5}),t=(\\d),p=1\\$([A-Za-z0-9+/]+)\\$([A-Za-z0-9+/]+)");
    private static final Semaphore TURNS = new Semaphore(2);
    private static final Semaphore WAITING = new Semaphore(8);

    /** Of a password that nobody has; it is checked where nobody has the name, so that this takes as long as where somebody has. */
    static final String NOBODYS =
            "$argon2id$v=19$m=19456,t=2,p=1$bm9ib2R5IGhhcyBpdCAhIQ$" + "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

    private static final SecureRandom RANDOM = new SecureRandom();

    private PasswordHash() {}

    /** What is kept of a new password. */
    public static String of(String password) {
        if (password.length() < SHORTEST || password.length() > LONGEST) {
            throw new Refusal(
                    Refusal.Reason.INVALID,
                    "the password has " + password.length() + " characters; allowed are " + SHORTEST + " to "
                            + LONGEST);
        }
        byte[] salt = new byte[SALT];
        RANDOM.nextBytes(salt);
        Base64.Encoder text = Base64.getEncoder().withoutPadding();
        return "$argon2id$v=19$m=" + MEMORY_KB + ",t=" + PASSES + ",p=1$" + text.encodeToString(salt) + "$"
                + text.encodeToString(hash(password, salt, MEMORY_KB, PASSES, LENGTH));
    }

    /** Whether that is the password of which this was kept. */
    public static boolean isOf(String password, String kept) {
        Matcher parts = KEPT.matcher(kept);
        if (password.length() > LONGEST || !parts.matches()) {
            return false;
        }
        try {
            byte[] salt = Base64.getDecoder().decode(parts.group(3));
            byte[] expected = Base64.getDecoder().decode(parts.group(4));
            byte[] found = hash(
                    password,
                    salt,
                    Integer.parseInt(parts.group(1)),
                    Integer.parseInt(parts.group(2)),
                    expected.length);
            return MessageDigest.isEqual(expected, found);
        } catch (IllegalArgumentException | IllegalStateException noHash) {
            return false;
        }
    }

    private static byte[] hash(String password, byte[] salt, int memory, int passes, int length) {
        takeTurn();
        try {
            Argon2BytesGenerator generator = new Argon2BytesGenerator();
            generator.init(new Argon2Parameters.Builder(Argon2Parameters.ARGON2_id)
                    .withVersion(Argon2Parameters.ARGON2_VERSION_13)
                    .withMemoryAsKB(memory)
                    .withIterations(passes)
                    .withParallelism(1)
                    .withSalt(salt)
                    .build());
            byte[] hash = new byte[length];
            // One letter with an accent is written in two ways, by keyboard.
            String composed = Normalizer.normalize(password, Normalizer.Form.NFC);
            generator.generateBytes(composed.getBytes(StandardCharsets.UTF_8), hash);
            return hash;
        } finally {
            TURNS.release();
        }
    }

    /** Those who wait hold threads, so they are few. */
    private static void takeTurn() {
        if (!WAITING.tryAcquire()) {
            throw new Refusal(Refusal.Reason.NOT_READY, "too many passwords are being checked: try again");
        }
        try {
            if (!TURNS.tryAcquire(WAIT_SECONDS, TimeUnit.SECONDS)) {
                throw new Refusal(Refusal.Reason.NOT_READY, "too many passwords are being checked: try again");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new Refusal(Refusal.Reason.NOT_READY, "the server stops");
        } finally {
            WAITING.release();
        }
    }
}
