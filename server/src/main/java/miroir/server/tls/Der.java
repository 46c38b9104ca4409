package miroir.server.tls;

import java.nio.ByteBuffer;
import java.security.spec.InvalidKeySpecException;
import java.util.Arrays;

/**
 * As much of DER as it takes to put a key of OpenSSL's older formats into PKCS#8, the only one that the JDK reads. PKCS#8 is the same
 * bytes as a string, behind a version and the name of the algorithm; for elliptic curves the name of the curve is part of that, and stands
 * in the old format as well.
 */
final class Der {
    static final int SEQUENCE = 0x30;
    static final int INTEGER = 0x02;
    static final int STRING = 0x04;
    private static final int PARAMETERS = 0xA0;

    private static final byte[] VERSION = {INTEGER, 1, 0};
    /** 1.2.840.113549.1.1.1, and its parameters, NULL. */
    private static final byte[] RSA = {6, 9, 0x2A, (byte) 0x86, 0x48, (byte) 0x86, (byte) 0xF7, 0x0D, 1, 1, 1, 5, 0};
    /** 1.2.840.10045.2.1; its parameters are the curve. */
    private static final byte[] EC = {6, 7, 0x2A, (byte) 0x86, 0x48, (byte) 0xCE, 0x3D, 2, 1};

    private Der() {}

    /** What is PKCS#1 as PKCS#8. */
    static byte[] ofRsa(byte[] key) {
        return pkcs8(RSA, new byte[0], key);
    }

    /** What is SEC 1 as PKCS#8. */
    static byte[] ofEc(byte[] key) throws InvalidKeySpecException {
        return pkcs8(EC, curve(key), key);
    }

    private static byte[] pkcs8(byte[] algorithm, byte[] parameters, byte[] key) {
        return value(SEQUENCE, VERSION, value(SEQUENCE, algorithm, parameters), value(STRING, key));
    }

    private static byte[] curve(byte[] key) throws InvalidKeySpecException {
        ByteBuffer fields = next(ByteBuffer.wrap(key), SEQUENCE);
        next(fields, INTEGER);
        next(fields, STRING);
        ByteBuffer parameters = next(fields, PARAMETERS);
        byte[] curve = new byte[parameters.remaining()];
        parameters.get(curve);
        return curve;
    }

    /** The content of the next value, which has to be of this kind; the buffer then stands behind it. */
    private static ByteBuffer next(ByteBuffer in, int kind) throws InvalidKeySpecException {
        if (in.remaining() < 2 || (in.get() & 0xFF) != kind) {
            throw new InvalidKeySpecException(
                    kind == PARAMETERS ? "it does not name its curve" : "it is not made as SEC 1 has it");
        }
        int length = in.get() & 0xFF;
        if (length > 0x80) {
            int bytes = length - 0x80;
            length = 0;
            for (int i = 0; i < bytes && in.hasRemaining(); i++) {
                length = (length << 8) | (in.get() & 0xFF);
            }
        }
        if (length < 0 || length > in.remaining()) {
            throw new InvalidKeySpecException("it ends early");
        }
        ByteBuffer content = in.slice(in.position(), length);
        in.position(in.position() + length);
        return content;
    }

    /** A value of this kind, of parts that are next to each other. */
    static byte[] value(int kind, byte[]... parts) {
        int length = 0;
        for (byte[] part : parts) {
            length += part.length;
        }
        ByteBuffer out = ByteBuffer.allocate(length + 4);
        out.put((byte) kind);
        putLength(out, length);
        for (byte[] part : parts) {
            out.put(part);
        }
        return Arrays.copyOf(out.array(), out.position());
    }

    /** Keys and certificates have fewer than 65,536 bytes. */
    private static void putLength(ByteBuffer out, int length) {
        if (length >= 0x100) {
            out.put((byte) 0x82).putShort((short) length);
        } else if (length >= 0x80) {
            out.put((byte) 0x81).put((byte) length);
        } else {
            out.put((byte) length);
        }
    }
}
