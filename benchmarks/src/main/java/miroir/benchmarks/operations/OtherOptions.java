package miroir.benchmarks.operations;

import java.net.URI;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What was typed about somebody else's server.
 *
 * @param base its address, without a slash at the end
 * @param load how many practitioners are stored there before; 0: none
 * @param pids of its processes, where they are on this machine
 */
record OtherOptions(URI base, int load, List<Long> pids) {
    private static final Set<String> THIS_MACHINE = Set.of("localhost", "127.0.0.1", "[::1]");

    OtherOptions {
        pids = List.copyOf(pids);
    }

    /** Refuses what cannot be meant, in a sentence. */
    static OtherOptions of(String url, @Nullable String load, @Nullable String pids, boolean hasToken) {
        return new OtherOptions(
                base(url, hasToken),
                load == null ? 0 : Math.toIntExact(number("--load", load, Integer.MAX_VALUE)),
                pids == null
                        ? List.of()
                        : Stream.of(pids.split(",", -1))
                                .map(pid -> number("--pids", pid, Long.MAX_VALUE))
                                .toList());
    }

    private static URI base(String url, boolean hasToken) {
        URI base = parsed(url.replaceFirst("/+$", ""));
        boolean isHttp = "http".equals(base.getScheme());
        if (!(isHttp || "https".equals(base.getScheme()))
                || base.getHost() == null
                || base.getRawUserInfo() != null
                || base.getRawQuery() != null
                || base.getRawFragment() != null) {
            throw new IllegalArgumentException("--url is the base of a FHIR server, such as http://localhost:8080/fhir"
                    + " or https://fhir.example.org, not '" + url + "'");
        }
        if (isHttp && hasToken && !THIS_MACHINE.contains(base.getHost())) {
            throw new IllegalArgumentException("MIROIR_TOKEN is not sent over http beyond this machine; '" + url
                    + "' has to be https, or on localhost");
        }
        return base;
    }

    /** Nothing where it is no address, which is refused like an address of nothing. */
    private static URI parsed(String url) {
        try {
            return URI.create(url);
        } catch (IllegalArgumentException e) {
            return URI.create("");
        }
    }

    private static long number(String option, String value, long most) {
        String digits = value.trim();
        if (!digits.matches("[0-9]{1,18}") || Long.parseLong(digits) < 1 || Long.parseLong(digits) > most) {
            throw new IllegalArgumentException(option + " takes whole numbers from 1 on, not '" + value + "'");
        }
        return Long.parseLong(digits);
    }
}
