package miroir.server.subscriptions;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** What of a subscription somebody agrees to: what is told, and to whom. With other terms it is another one, to which nobody agreed yet. */
final class Terms {
    private static final int CHARACTERS = 32;

    private Terms() {}

    /** The same for the same terms, and for no others. */
    static String of(Subscribed subscribed) {
        String terms = String.join(
                "\n",
                subscribed.criteria(),
                subscribed.endpoint().toString(),
                String.valueOf(subscribed.hasPayload()),
                String.valueOf(subscribed.leaving()));
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(terms.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(hash).substring(0, CHARACTERS);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
