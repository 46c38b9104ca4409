package miroir.server.access;

import java.util.List;
import miroir.server.proxy.Network;

/**
 * Whether applications may ask for tokens themselves.
 *
 * @param open whether they may at all
 * @param networks whoever asks from there gets one without an administrator
 * @param roles what those get
 */
public record RequestRules(boolean open, List<Network> networks, List<String> roles) {
    public RequestRules {
        networks = List.copyOf(networks);
        roles = List.copyOf(roles);
    }

    /** Nobody asks. */
    public static RequestRules none() {
        return new RequestRules(false, List.of(), List.of());
    }

    boolean acceptsFrom(String address) {
        return networks.stream().anyMatch(network -> network.contains(address));
    }
}
