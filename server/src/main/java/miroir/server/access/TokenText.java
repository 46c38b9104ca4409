package miroir.server.access;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.HexFormat;

/**
 * Secrets that this server makes: 256 random bits behind a prefix by which people and scanners of source code know what they have found.
 * Only their hashes are kept. Nothing slow is needed for that, since nobody guesses 256 bits; and since a hash is what is looked up, the
 * time that this takes says nothing of the secret.
 */
public final class TokenText {
    static final String CONSUMER = "miroir_";
    static final String SESSION = "miroir_session_";
    static final String SETUP = "miroir_setup_";
    static final String REQUEST = "miroir_request_";

    private static final SecureRandom RANDOM = new SecureRandom();
    private static final int BYTES = 32;

    private TokenText() {}

    /** A new one. */
    static String make(String prefix) {
        byte[] random = new byte[BYTES];
        RANDOM.nextBytes(random);
        return prefix + Base64.getUrlEncoder().withoutPadding().encodeToString(random);
    }

    /** What is kept of it. */
    public static String hash(String token) {
        try {
            return HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-256").digest(token.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
