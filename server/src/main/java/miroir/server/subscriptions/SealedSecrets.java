package miroir.server.subscriptions;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.function.Supplier;
import javax.crypto.Cipher;
import javax.crypto.Mac;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * Seals what is sent to a receiver and is nobody else's business, so that it can stand in the resource where FHIR has it.
 *
 * <p>The problem: headers and keys are parts of a resource that others may read, search, copy and find in its history; and whoever reads it, changes something and puts it
 * back must not lose them. Kept apart from the resource they could not be written with it at once, nor in a transaction.
 *
 * <p>The approach: they are encrypted with AES-GCM under a secret that all servers of the database share, for one purpose: this owner, that receiver. Elsewhere
 * they cannot be opened, so a copy of them is worth nothing. The same text is sealed the same way each time, or each update would be a version: the nonce
 * is made of the text and its purpose by a key of its own (as in SIV, RFC 5297), so one is used twice for the same thing only.
 *
 * <p>Who has the database has the secret as well. That is so of everything that is in it.
 */
final class SealedSecrets {
    private static final String SEALED = "sealed:";
    private static final int NONCE = 12;
    private static final int TAG = 16;

    private final Supplier<byte[]> secret;
    private byte @Nullable [] known;

    /** The secret is asked for once. */
    SealedSecrets(Supplier<byte[]> secret) {
        this.secret = secret;
    }

    /** The mark by which a server of this database knows again that somebody agreed to these terms, for that owner. What is copied from elsewhere has none that counts. */
    String consent(Subscribed subscribed, String owner) {
        byte[] mark = hmac(key("consent"), owner + "\n" + Terms.of(subscribed));
        return HexFormat.of().formatHex(mark, 0, TAG);
    }

    /** Whether somebody agreed to it as it is. */
    boolean isAgreedTo(Subscribed subscribed) {
        byte[] expected = consent(subscribed, subscribed.owner()).getBytes(StandardCharsets.UTF_8);
        return MessageDigest.isEqual(expected, subscribed.approved().getBytes(StandardCharsets.UTF_8));
    }

    /** For what something is sealed. */
    static String purpose(Subscribed subscribed, String name) {
        return String.join("\n", subscribed.owner(), Receiver.authority(subscribed.endpoint()), name);
    }

    static boolean isSealed(String text) {
        return text.startsWith(SEALED);
    }

    String close(String text, String purpose) {
        byte[] plain = text.getBytes(StandardCharsets.UTF_8);
        byte[] nonce = Arrays.copyOf(hmac(key("nonce"), purpose + "\n" + text), NONCE);
        try {
            byte[] sealed = cipher(Cipher.ENCRYPT_MODE, nonce, purpose).doFinal(plain);
            byte[] both = Arrays.copyOf(nonce, NONCE + sealed.length);
            System.arraycopy(sealed, 0, both, NONCE, sealed.length);
            return SEALED + Base64.getUrlEncoder().withoutPadding().encodeToString(both);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java platform has AES-GCM", e);
        }
    }

    /** Null where it was not sealed here for that. */
    @Nullable
    String open(String sealed, String purpose) {
        try {
            byte[] both = Base64.getUrlDecoder().decode(sealed.substring(SEALED.length()));
            if (both.length < NONCE + TAG) {
                return null;
            }
            byte[] plain = cipher(Cipher.DECRYPT_MODE, Arrays.copyOf(both, NONCE), purpose)
                    .doFinal(both, NONCE, both.length - NONCE);
            return new String(plain, StandardCharsets.UTF_8);
        } catch (GeneralSecurityException | IllegalArgumentException forged) {
            return null;
        }
    }

    private Cipher cipher(int mode, byte[] nonce, String purpose) throws GeneralSecurityException {
        Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
        cipher.init(mode, new SecretKeySpec(key("text"), "AES"), new GCMParameterSpec(TAG * Byte.SIZE, nonce));
        cipher.updateAAD(purpose.getBytes(StandardCharsets.UTF_8));
        return cipher;
    }

    private byte[] key(String use) {
        return hmac(secret(), "miroir subscription " + use);
    }

    private synchronized byte[] secret() {
        byte[] found = known;
        if (found == null) {
            found = secret.get();
            known = found;
        }
        return found;
    }

    private static byte[] hmac(byte[] key, String text) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(key, "HmacSHA256"));
            return mac.doFinal(text.getBytes(StandardCharsets.UTF_8));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java platform has HmacSHA256", e);
        }
    }
}
