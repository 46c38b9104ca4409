package miroir.server.fuzz;

import java.util.List;

/**
 * Something that reads what others send.
 *
 * @param samples of what it takes
 * @param parse takes an input or refuses it
 */
record Reader(String name, List<byte[]> samples, Parse parse) {
    Reader {
        samples = List.copyOf(samples);
    }

    /** Takes an input, and holds it against what must be true of all that is taken; or refuses it by a {@link miroir.index.Refusal}. */
    interface Parse {
        void of(byte[] input) throws Exception;
    }
}
