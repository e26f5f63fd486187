"""Pictures, pages, sound and film of works: covers for everybody, samples for whom their owner shows them."""
