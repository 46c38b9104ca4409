package miroir.server.tls;

import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.spec.KeySpec;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Arrays;
import java.util.List;
import javax.crypto.Cipher;
import javax.crypto.EncryptedPrivateKeyInfo;
import javax.crypto.SecretKey;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;
import miroir.index.yaml.ConfigurationRefused;
import miroir.server.configuration.TlsConfiguration;

/** Reads the private key of a PEM file, in each of the forms that OpenSSL writes but two, which it can convert. */
final class ReadPrivateKey {
    private static final String KEY = "PRIVATE KEY";
    private static final String CONVERT = "; openssl pkcs8 -topk8 -in old.pem -out new.pem makes one that is";
    private static final String PBES2 = "1.2.840.113549.1.5.13";

    private final TlsConfiguration tls;

    ReadPrivateKey(TlsConfiguration tls) {
        this.tls = tls;
    }

    /** The one key that is in the text, of this algorithm. */
    PrivateKey of(String text, String algorithm) {
        List<PemBlock> keys = PemBlock.allOf(text).stream()
                .filter(block -> block.label().endsWith(KEY))
                .toList();
        if (keys.size() != 1) {
            throw refuse("has " + (keys.isEmpty() ? "no" : keys.size())
                    + " private keys in PEM (-----BEGIN PRIVATE KEY-----);" + " one is needed");
        }
        try {
            return KeyFactory.getInstance(algorithm).generatePrivate(spec(keys.get(0)));
        } catch (GeneralSecurityException | IOException | IllegalArgumentException e) {
            throw refuse(
                    "has no " + algorithm + " key that can be read, as the certificate needs one: " + e.getMessage());
        }
    }

    private KeySpec spec(PemBlock block) throws GeneralSecurityException, IOException {
        if (block.isEncryptedByOldMeans()) {
            throw refuse("has a key that is encrypted by OpenSSL's old means, which is not read" + CONVERT);
        }
        return switch (block.label()) {
            case KEY -> new PKCS8EncodedKeySpec(block.bytes());
            case "ENCRYPTED " + KEY -> decrypted(block.bytes());
            case "RSA " + KEY -> new PKCS8EncodedKeySpec(Der.ofRsa(block.bytes()));
            case "EC " + KEY -> new PKCS8EncodedKeySpec(Der.ofEc(block.bytes()));
            default -> throw refuse("has a key in the form " + block.label() + ", which is not read" + CONVERT);
        };
    }

    private KeySpec decrypted(byte[] key) throws GeneralSecurityException, IOException {
        String secret = tls.passphrase()
                .orElseThrow(() -> refuse(
                        "has an encrypted key; listen.tls.passphrase in server.yaml has to say how it is opened"));
        EncryptedPrivateKeyInfo info = new EncryptedPrivateKeyInfo(key);
        char[] characters = secret.toCharArray();
        PBEKeySpec password = new PBEKeySpec(characters);
        try {
            String algorithm = algorithm(info);
            SecretKey opener = SecretKeyFactory.getInstance(algorithm).generateSecret(password);
            Cipher cipher = Cipher.getInstance(algorithm);
            cipher.init(Cipher.DECRYPT_MODE, opener, info.getAlgParameters());
            return info.getKeySpec(cipher);
        } catch (GeneralSecurityException e) {
            throw refuse("has an encrypted key that listen.tls.passphrase does not open: " + e.getMessage());
        } finally {
            password.clearPassword();
            Arrays.fill(characters, ' ');
        }
    }

    /** The JDK has a name for the means of today only as a whole, and tells it in this way alone. */
    private static String algorithm(EncryptedPrivateKeyInfo info) {
        String name = info.getAlgName();
        return name.equals("PBES2") || name.equals(PBES2) ? String.valueOf(info.getAlgParameters()) : name;
    }

    private ConfigurationRefused refuse(String why) {
        return new ConfigurationRefused(tls.key().toString(), why);
    }
}
