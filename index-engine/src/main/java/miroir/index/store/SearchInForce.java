package miroir.index.store;

/**
 * What is searched at present. A request takes it once and works with it to its end.
 *
 * @param number counts up with every change; 0 before the database was asked, when nothing can be searched yet
 * @param pending what of it cannot be searched yet, at the moment of asking
 */
public record SearchInForce(long number, SearchMade made, Pending pending) {}
