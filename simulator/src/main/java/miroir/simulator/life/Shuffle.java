package miroir.simulator.life;

import java.math.BigInteger;

/**
 * An order of the numbers from 0 to size - 1 in which neighbours are far apart, and which is known without a table: the
 * number at a place and the place of a number are one multiplication each. That is what makes "who changes tonight"
 * and "does this one change tonight" cheap, both of them, at any size.
 */
final class Shuffle {
    private final long size;
    private final long factor;
    private final long inverse;
    private final long shift;

    Shuffle(long size, long key) {
        this.size = size;
        this.factor = coprime(size, Math.floorMod(mix(key), size));
        this.inverse = inverse(factor, size);
        this.shift = Math.floorMod(mix(key + 1), size);
    }

    /** Sizes are below 2^31, so that the products fit. */
    long numberAt(long place) {
        return (place * factor + shift) % size;
    }

    long placeOf(long number) {
        long unshifted = number - shift;
        return (unshifted < 0 ? unshifted + size : unshifted) * inverse % size;
    }

    private static long coprime(long size, long start) {
        long candidate = Math.max(1, start);
        while (gcd(candidate, size) != 1) {
            candidate++;
        }
        return candidate % size;
    }

    private static long gcd(long a, long b) {
        return b == 0 ? a : gcd(b, a % b);
    }

    private static long inverse(long factor, long size) {
        return size == 1
                ? 0
                : BigInteger.valueOf(factor)
                        .modInverse(BigInteger.valueOf(size))
                        .longValueExact();
    }

    static long mix(long value) {
        long z = (value ^ (value >>> 30)) * 0xBF58476D1CE4E5B9L;
        z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
        return z ^ (z >>> 31);
    }
}
