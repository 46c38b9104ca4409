package miroir.simulator.life;

/**
 * Where a walk goes on.
 *
 * @param load which load
 * @param place which of its places
 */
public record Position(int load, long place) {
    public static final Position START = new Position(0, 0);
}
