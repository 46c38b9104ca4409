package miroir.server.routing;

import miroir.index.store.ResourceKey;

/**
 * What a request asks for, as its method and path say.
 *
 * @param type the resource type, or an empty string where none is named
 * @param id the resource's id, or an empty string
 */
public record Route(Interaction interaction, String type, String id) {

    /** A request that asks for nothing known. */
    public static Route none() {
        return new Route(Interaction.NONE, "", "");
    }

    /** The resource that the path names. */
    public ResourceKey key() {
        return new ResourceKey(type, id);
    }
}
