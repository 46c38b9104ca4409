package miroir.server.proxy;

import jakarta.servlet.http.HttpServletRequest;
import java.lang.reflect.Proxy;
import java.util.Collections;
import java.util.List;
import java.util.stream.Stream;

/** A request that says who sent it and which headers it has, and no more. */
public final class SaidOfARequest {
    private SaidOfARequest() {}

    /** It comes from that address; headers are names and values in turn. */
    public static HttpServletRequest from(String peer, String... headers) {
        List<String> all = List.of(headers);
        return (HttpServletRequest) Proxy.newProxyInstance(
                HttpServletRequest.class.getClassLoader(),
                new Class<?>[] {HttpServletRequest.class},
                (proxy, method, arguments) -> switch (method.getName()) {
                    case "getAttribute" -> null;
                    case "getRemoteAddr" -> peer;
                    case "getHeaders" -> Collections.enumeration(values(all, (String) arguments[0]));
                    case "getHeader" ->
                        values(all, (String) arguments[0]).stream().findFirst().orElse(null);
                    default -> throw new UnsupportedOperationException(method.getName());
                });
    }

    private static List<String> values(List<String> headers, String name) {
        if (name.equals("Host")) {
            return List.of("here.example");
        }
        return Stream.iterate(0, i -> i < headers.size(), i -> i + 2)
                .filter(i -> headers.get(i).equals(name))
                .map(i -> headers.get(i + 1))
                .toList();
    }
}
