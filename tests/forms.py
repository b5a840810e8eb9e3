"""A question's form, read: what several tests ask of it."""

import json
from html.parser import HTMLParser


class Form(HTMLParser):
    """The elements of a question as (tag, attributes), and its text."""

    def __init__(self, question):
        super().__init__()
        self.elements, self.text = [], ""
        self.feed(question.html)

    def handle_starttag(self, tag, attrs):
        self.elements.append((tag, dict(attrs)))

    def handle_data(self, data):
        self.text += data

    def all(self, name):
        return [attributes for tag, attributes in self.elements if tag == name]

    @property
    def key(self):
        return self.all("form")[0]["data-key"]

    @property
    def question(self):
        return json.loads(self.all("form")[0]["data-question"])
