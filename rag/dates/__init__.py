"""Which days a question or a sentence of the news speaks of, in German and English."""

from rag.dates.reading import TimeAsked, time_asked, times, when

__all__ = ["TimeAsked", "time_asked", "times", "when"]
